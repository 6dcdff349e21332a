import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type HomeTab, hashOf, type Place, type PluginTab, tabName } from './place.js'

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/**
 * A tab list and the panel of the selected tab. The arrow keys, Home and End change the tab, and
 * the URL's hash names it.
 */
export const Tabs = (props: {
  readonly label: string
  readonly places: ReadonlyArray<Place>
  readonly now: PluginTab | HomeTab
  readonly children: ComponentChildren
}) => {
  const list = useRef<HTMLDivElement>(null)
  const { places, now } = props
  useEffect(
    () =>
      list.current
        ?.querySelector('[aria-selected=true]')
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    [now],
  )
  const choose = (event: KeyboardEvent): void => {
    const index = STEPS[event.key]?.(
      places.findIndex(({ tab }) => tab === now),
      places.length,
    )
    const place = index === undefined ? undefined : places[index]
    if (place === undefined) return
    event.preventDefault()
    location.hash = hashOf(place)
    document.getElementById(`tab-${place.tab}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={props.label} ref={list} onKeyDown={choose}>
        {places.map(place => (
          <button
            key={place.tab}
            id={`tab-${place.tab}`}
            type="button"
            role="tab"
            aria-selected={place.tab === now}
            aria-controls="panel"
            tabIndex={place.tab === now ? 0 : -1}
            onClick={() => {
              location.hash = hashOf(place)
            }}
          >
            {tabName(place.tab)}
          </button>
        ))}
      </div>
      <div class="panel" id="panel" role="tabpanel" aria-labelledby={`tab-${now}`} data-tab={now}>
        {props.children}
      </div>
    </>
  )
}
