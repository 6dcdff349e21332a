import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConsolePlugin } from '../../console-api.js'
import { useStore } from '../state/store.js'
import { Home } from './home.js'
import { Banner, Toasts } from './notifications.js'
import { hashOf, type Place, placeFor, placeOf, tabName } from './place.js'
import { PluginPage } from './plugin-page.js'
import { Sidebar } from './sidebar.js'

const usePlace = (): Place => {
  const [place, setPlace] = useState(placeOf(location.hash))
  useEffect(() => {
    const look = (): void => setPlace(placeOf(location.hash))
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  return place
}

/**
 * Goes to the new address of the shown plugin when its id changes, as it does after the first
 * successful build. Its source tells which plugin it has become.
 */
const useRename = (
  plugin: ConsolePlugin | undefined,
  plugins: ReadonlyArray<ConsolePlugin>,
  place: Place,
): void => {
  const last = useRef<ConsolePlugin>()
  useEffect(() => {
    // Only for the plugin that was shown here: any other unknown id in the hash is a mistake.
    const isGone =
      plugin === undefined && place.plugin !== null && place.plugin === last.current?.id
    const renamed = isGone ? plugins.find(one => one.source === last.current?.source) : undefined
    last.current = renamed ?? plugin ?? last.current
    if (renamed !== undefined) location.replace(hashOf(placeFor(renamed.id, place)))
  }, [plugin, plugins, place])
}

/** The whole page. */
export const App = () => {
  const place = usePlace()
  const plugins = useStore(state => state.plugins)
  const known = useStore(state => state.host !== null)
  const plugin = plugins.find(({ id }) => id === place.plugin)
  useRename(plugin, plugins, place)
  const title = `${tabName(place.tab)} · ${plugin?.name ?? place.plugin ?? 'All plugins'} · Toru console`
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <div class="page">
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Sidebar place={place} />
      <main id="main" tabIndex={-1}>
        <Banner />
        {!known ? (
          <p class="empty">Waiting for the development host…</p>
        ) : place.plugin === null ? (
          <Home tab={place.tab} />
        ) : plugin === undefined ? (
          <p class="empty">
            There is no plugin “{place.plugin}” here. <a href="#/">All plugins</a>
          </p>
        ) : (
          <PluginPage plugin={plugin} tab={place.tab} />
        )}
      </main>
      <Toasts />
    </div>
  )
}
