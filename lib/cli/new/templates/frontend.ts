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
  const row = element('label', \`\${label} \`)
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
    const greeted = element('ul')
    const form = element('form')
    form.append(name.row, text.row, element('button', 'Greet'))
    container.append(element('h2', ${literal(name)}), form, greeted)

    const list = async () => {
      const names = await client.get('/')
      if (!names.ok) return api.showToast(names.error.message, 'error')
      greeted.replaceChildren(...names.body.map(each => element('li', each)))
    }
    form.addEventListener('submit', async event => {
      event.preventDefault()
      const body = { name: name.input.value, text: text.input.value }
      const created = await client.post('/greetings', { body })
      if (!created.ok) return api.showToast(created.error.message, 'error')
      api.showToast(\`\${created.body.name}: \${created.body.text}\`, 'success')
      await list()
    })
    return list()
  },
})
`

/** `frontend/style.css` */
export const styleFile =
  (): string => `/* These rules apply only inside the plugin's own element, which is :scope. */
:scope {
  display: grid;
  gap: 1rem;
}

form {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
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
