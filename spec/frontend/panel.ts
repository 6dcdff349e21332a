import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { bundleFrontend } from '../../lib/cli/pack/bundle-frontend.js'
import { type Browser, type Page, startBrowser } from '../support/browser.js'
import { project, right } from '../support/packing.js'

/** The bundle of a frontend with these files, one of which is `main.ts` or `main.tsx`. */
export const bundleOf = async (
  files: Readonly<Record<string, string>>,
  id = 'demo',
  development = false,
): Promise<string> => {
  const root = project(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`frontend/${name}`, text])),
  )
  const entry = join(root, 'frontend', 'main.tsx' in files ? 'main.tsx' : 'main.ts')
  return (await right(bundleFrontend({ entry, root, id, development }))).code
}

let browser: Promise<Browser> | undefined
test.after.always(async () => (await browser)?.close())

/** A page like the panel's: two elements for plugins, one of its own, and an `api` that records. */
const PANEL = `
  <p id="own" class="card">the panel's own</p><div id="one"></div><div id="two"></div>
  <script>
    window.said = []
    const api = { fetch: path => Promise.resolve(new Response(path)), showToast: text => said.push(text), navigate() {}, kv: {} }
    const mount = (place, id = 'demo') => ToruPlugins[id].mount(document.getElementById(place), api)
    const unmount = (place, id = 'demo') => ToruPlugins[id].unmount(document.getElementById(place))
    const text = place => document.getElementById(place).textContent
    const style = (selector, property) => getComputedStyle(document.querySelector(selector)).getPropertyValue(property)
  </script>`

/** A panel in a browser. */
export interface Panel {
  readonly load: (bundle: string) => Promise<unknown>
  readonly run: Page['evaluate']
  /** The errors on the console, and uncaught ones. */
  readonly errors: ReadonlyArray<string>
}

/** Opens a panel for a test, with these scripts loaded. */
export const openPanel = async (
  t: ExecutionContext,
  { html = '', bundles = [] as ReadonlyArray<string> } = {},
): Promise<Panel> => {
  browser ??= startBrowser()
  const page = await (await browser).newPage()
  t.teardown(() => page.close())
  const errors: string[] = []
  page.on('console', message => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', error => errors.push(`thrown: ${error.message}`))
  await page.setContent(html + PANEL)
  const load = (content: string) => page.addScriptTag({ content })
  for (const bundle of bundles) await load(bundle)
  return { load, run: expression => page.evaluate(expression), errors }
}
