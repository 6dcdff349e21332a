import type { Plan } from '../plan.js'
import { literal } from './literal.js'

/** `frontend/main.ts`: what the browser loads as the plugin's bundle. */
export const frontendFile = ({ id, name }: Plan): string => `/** What the panel gives to a frontend. */
interface PanelApi {
  /** A request to this plugin, by the path below its route. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  navigate(path: string): void
  showToast(message: string, kind: 'success' | 'error' | 'info'): void
  /** The panel's own store for this plugin: the ctx.kv of its handlers only where it uses hostKv(). */
  readonly kv: {
    get(key: string): Promise<string | null>
    set(key: string, value: string): Promise<unknown>
  }
}

interface Frontend {
  mount(container: HTMLElement, api: PanelApi): void
  unmount(container: HTMLElement): void
}

declare global {
  interface Window {
    ToruPlugins?: Record<string, Frontend>
  }
}

/** Text from elsewhere is only ever shown as text: never with innerHTML. */
const element = <K extends keyof HTMLElementTagNameMap>(tag: K, text = '') => {
  const made = document.createElement(tag)
  made.textContent = text
  return made
}

const field = (label: string) => {
  const row = element('label', \`\${label} \`)
  const input = element('input')
  input.required = true
  row.append(input)
  return { row, input }
}

/** Stores a greeting and reads it back, as the plugin has it. */
const greet = async (api: PanelApi, name: string, text: string): Promise<string> => {
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ name, text })
  const created = await api.fetch('/greetings', { method: 'POST', headers, body })
  if (!created.ok) throw new Error(\`the plugin answered \${created.status}\`)
  const read = await api.fetch(\`/greetings/\${encodeURIComponent(name)}\`)
  const greeting: { text: string } = await read.json()
  return greeting.text
}

const mount = (container: HTMLElement, api: PanelApi): void => {
  const name = field('Name')
  const text = field('Greeting')
  const shown = element('output')
  const form = element('form')
  const heading = element('h2', ${literal(name)})
  form.append(heading, name.row, text.row, element('button', 'Greet'), shown)
  form.addEventListener('submit', event => {
    event.preventDefault()
    greet(api, name.input.value, text.input.value).then(
      stored => {
        shown.textContent = stored
        api.showToast('Stored', 'success')
      },
      (error: unknown) => api.showToast(String(error), 'error'),
    )
  })
  container.replaceChildren(form)
}

const unmount = (container: HTMLElement): void => container.replaceChildren()

window.ToruPlugins = { ...window.ToruPlugins, ${key(id)}: { mount, unmount } }

export {}
`

/** The name of a property, in quotes where it needs them. */
const key = (id: string): string => (/^[A-Za-z][A-Za-z0-9]*$/.test(id) ? id : literal(id))
