import { useEffect, useRef, useState } from 'preact/hooks'
import { StateDot } from '../components/feedback.js'
import { Icon } from '../components/icons.js'
import { pluginIcon } from '../components/text.js'
import { useStore } from '../state/store.js'
import { hashOf, type Place, placeFor } from './place.js'
import { currentTheme, setTheme, THEMES } from './theme.js'

const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
    <circle cx="16" cy="16" r="12" />
    <circle cx="16" cy="16" r="3.5" />
    <path d="M16 12.5V4M13 18l-7.5 4M19 18l7.5 4" />
  </svg>
)

const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' } as const

const ThemeSwitch = () => {
  const [theme, choose] = useState(currentTheme())
  return (
    <fieldset class="themes">
      <legend class="sr-only">Theme</legend>
      {THEMES.map(name => (
        <label key={name} title={`Theme: ${NAMES[name]}`}>
          <input
            type="radio"
            name="theme"
            class="sr-only"
            checked={theme === name}
            onChange={() => {
              setTheme(name)
              choose(name)
            }}
          />
          <Icon name={name} />
          <span class="sr-only">{NAMES[name]}</span>
        </label>
      ))}
    </fieldset>
  )
}

const CONNECTION = { connecting: 'connecting…', live: 'connected', lost: 'not connected' } as const

const HostFacts = () => {
  const host = useStore(state => state.host)
  const connection = useStore(state => state.connection)
  return (
    <div class="host">
      <p>
        <span class="state" data-state={connection === 'live' ? 'running' : 'restarting'}>
          <span class="dot" />
          {CONNECTION[connection]}
        </span>
      </p>
      {host !== null && (
        <p class="muted">
          {host.version} · {host.dialect}
          {host.policy === 'faithful' ? ' · faithful' : ''}
        </p>
      )}
    </div>
  )
}

/**
 * The list of plugins, the state of the connection, and the theme. On narrow screens it is a
 * drawer.
 */
export const Sidebar = ({ place }: { readonly place: Place }) => {
  const [open, setOpen] = useState(false)
  const nav = useRef<HTMLElement>(null)
  const plugins = useStore(state => state.plugins)
  const close = (): void => {
    setOpen(false)
    document.getElementById('menu')?.focus()
  }
  useEffect(() => setOpen(false), [place.plugin])
  useEffect(() => {
    if (!open) return
    nav.current?.querySelector('a')?.focus()
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [open])
  const current = plugins.find(({ id }) => id === place.plugin)
  return (
    <header class="side" data-open={open}>
      <div class="brand">
        <button
          type="button"
          id="menu"
          class="button plain square menu"
          aria-expanded={open}
          aria-controls="plugins"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
          <span class="sr-only">Plugins</span>
        </button>
        <Logo />
        <span class="brand-name">
          Toru <span class="muted">console</span>
        </span>
        {current !== undefined && <span class="brand-plugin">{current.name}</span>}
      </div>
      {open && <div class="shade" onClick={close} aria-hidden="true" />}
      <div class="drawer" id="plugins">
        <nav aria-label="Plugins" ref={nav}>
          <a href="#/" class="entry" aria-current={place.plugin === null ? 'page' : undefined}>
            <span class="tile">
              <Icon name="home" />
            </span>
            <span class="entry-name">All plugins</span>
          </a>
          <ul>
            {plugins.map(plugin => (
              <li key={plugin.id}>
                <a
                  class="entry"
                  href={hashOf(placeFor(plugin.id, place))}
                  aria-current={plugin.id === place.plugin ? 'page' : undefined}
                >
                  <span class="tile" aria-hidden="true">
                    {pluginIcon(plugin.icon, plugin.name)}
                  </span>
                  <span class="entry-name">{plugin.name}</span>
                  {plugin.build.state === 'failed' && (
                    <span class="bad">
                      <Icon name="warning" />
                      <span class="sr-only">build failed</span>
                    </span>
                  )}
                  <StateDot plugin={plugin} dotOnly />
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="foot">
          <HostFacts />
          <ThemeSwitch />
        </div>
      </div>
    </header>
  )
}
