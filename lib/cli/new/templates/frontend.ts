import type { Plan } from '../plan.js'
import { literal } from './literal.js'

/** `frontend/main.ts`: what the browser loads as the plugin's bundle. */
export const frontendFile = ({
  id,
  name,
}: Plan): string => `import { definePluginView } from 'toru-plugin-api/frontend'
import { createClient } from './client'
import './style.css'

/** An element with a text. It never uses innerHTML, so text from elsewhere stays text. */
const element = <K extends keyof HTMLElementTagNameMap>(tag: K, text = '') => {
  const made = document.createElement(tag)
  made.textContent = text
  return made
}

const field = (label: string) => {
  const row = element('label', label)
  const input = element('input')
  input.required = true
  row.append(input)
  return { row, input }
}

definePluginView({
  id: ${literal(id)},
  mount(container, api) {
    const client = createClient(api)
    const name = field('Name')
    const text = field('Greeting')
    const form = element('form')
    form.append(name.row, text.row, element('button', 'Greet'))
    const said = element('p')
    // Screen readers announce what it says.
    said.role = 'status'
    const greeted = element('ul')
    greeted.ariaLabel = 'Greeted'
    container.append(element('h2', ${literal(name)}), form, said, greeted)

    const list = async () => {
      const names = await client.get('/')
      if (names.ok) greeted.replaceChildren(...names.body.map(each => element('li', each)))
      else said.textContent = names.error.message
    }
    form.addEventListener('submit', async event => {
      event.preventDefault()
      const body = { name: name.input.value, text: text.input.value }
      const created = await client.post('/greetings', { body })
      said.textContent = created.ok
        ? \`\${created.body.name}: \${created.body.text}\`
        : created.error.message
      if (created.ok) await list()
    })
    return list()
  },
})
`

/** `frontend/style.css` */
export const styleFile =
  (): string => `/* These rules apply only inside the plugin's own element, which is :scope. The variables are the
   panel's own, so the page is light or dark as the panel is. */
:scope {
  --line: hsl(var(--border, 0 0% 50% / 30%));
  --surface: hsl(var(--card, 0 0% 50% / 6%));
  --accent: hsl(var(--primary, 250 47% 47%));
  --on-accent: hsl(var(--primary-foreground, 0 0% 98%));
  display: grid;
  gap: 1rem;
  line-height: 1.5;
}

h2,
p,
ul {
  margin: 0;
}

h2 {
  font-size: 1.875rem;
  font-weight: 700;
  line-height: 1.2;
}

form {
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  gap: 1rem;
  padding: 1.5rem;
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  background: var(--surface);
}

label {
  display: grid;
  flex: 1 1 12rem;
  gap: 0.25rem;
  font-size: 0.875rem;
  font-weight: 500;
}

input,
button {
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: transparent;
  color: inherit;
  font: inherit;
}

button {
  border-color: var(--accent);
  background: var(--accent);
  color: var(--on-accent);
  cursor: pointer;
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

ul {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
  padding: 0;
  list-style: none;
}

li {
  padding: 0.25rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 1rem;
}
`

/** `frontend/client.ts`, as `toru-plugin routes --client` writes it for the new plugin. */
export const clientFile = ({ id }: Plan): string => `\
// The routes of the plugin ${literal(id)}, written by \`toru-plugin routes --client\`.
// Do not edit: run the command again when the routes have changed.
import { type PanelApi, routesClient, type Scalar } from 'toru-plugin-api/frontend'

export type Greeting = { name: string; text: string }

/** What each route takes and answers. */
export type Routes = {
  get: {
    '/': { answer: Array<string> }
    '/greetings/:name': { params: { name: Scalar }; answer: Greeting }
  }
  post: { '/greetings': { body: Greeting; answer: Greeting } }
}

/** Calls the routes: \`createClient(api).get('/')\`. */
export const createClient = (api: Pick<PanelApi, 'fetch'>) => routesClient<Routes>(api)
`

/** `frontend/assets.d.ts`: the types of imported style sheets and pictures. */
export const assetsFile = (): string => `declare module '*.css'

declare module '*.svg' {
  const dataUrl: string
  export default dataUrl
}

declare module '*.png' {
  const dataUrl: string
  export default dataUrl
}
`
