import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import test, { type TestFn } from 'ava'
import type { TestPlugin } from '../../lib/testing/index.js'

const CHROMIUM = '/usr/bin/chromium'
const isMissing = !existsSync(CHROMIUM)
if (isMissing) console.warn(`${CHROMIUM} is missing: the tests that need a browser are skipped (on CI they fail).`)

/** A test that needs a browser. Without one it is skipped, on CI it fails. */
export const browserTest: TestFn | TestFn['skip'] = !isMissing || process.env.CI ? test : test.skip

/** What the spec finds on a page, as playwright's own `Locator`. */
export interface Locator {
  click(): Promise<void>
  fill(text: string): Promise<void>
  focus(): Promise<void>
  selectOption(value: string): Promise<unknown>
  uncheck(): Promise<void>
  textContent(): Promise<string | null>
  allTextContents(): Promise<string[]>
  count(): Promise<number>
  getByRole(role: string, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): Locator
  locator(selector: string): Locator
  waitFor(options?: { readonly state?: 'visible' | 'hidden' | 'detached' }): Promise<void>
}

/** A page of a browser, as far as specs need it: the package's own types want those of the DOM, which nothing here has. */
export interface Page extends Pick<Locator, 'getByRole' | 'locator'> {
  readonly clock: {
    install(options: { readonly time: number }): Promise<void>
    pauseAt(time: number): Promise<void>
    runFor(ms: number): Promise<void>
  }
  readonly keyboard: { press(key: string): Promise<void> }
  goto(url: string): Promise<unknown>
  evaluate(expression: string): Promise<unknown>
  waitForFunction(expression: string): Promise<unknown>
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>
  screenshot(options: { readonly path: string }): Promise<unknown>
  on(event: 'pageerror', heard: (error: Error) => void): void
  close(): Promise<void>
}

export interface Browser {
  newPage(): Promise<Page>
  close(): Promise<void>
}

/** Starts a browser. Whoever starts it closes it. */
export const startBrowser = (): Promise<Browser> => {
  const playwright: { chromium: { launch(options: object): Promise<Browser> } } = createRequire(import.meta.url)('playwright-core')
  return playwright.chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
}

/** A panel that shows one plugin's page: it loads the bundle, mounts it, and hands requests on as the real one does. */
export interface Panel {
  readonly url: string
  /** The requests so far that were handed on, such as `GET /services`. */
  readonly requests: ReadonlyArray<string>
  close(): void
}

const ROUTE = '/api/plugins/route/'

export const startPanel = async (id: string, plugin: TestPlugin, bundle: string): Promise<Panel> => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = request.url ?? '/'
    if (url.startsWith(`${ROUTE}${id}/`)) {
      const path = url.slice(ROUTE.length + id.length)
      requests.push(`${request.method} ${path}`)
      plugin.request({ method: request.method ?? 'GET', path }).then(
        answer => response.writeHead(answer.status, { ...answer.headers }).end(answer.body ?? undefined),
        () => response.writeHead(502).end('{"error":"no answer"}'),
      )
      return
    }
    if (url === '/bundle.js') response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(bundle)
    else if (url.startsWith('/?') || url === '/')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(id, url.includes('dark')))
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const page = (id: string, isDark: boolean): string => `<!doctype html>
<html lang="en" style="color-scheme:${isDark ? 'dark' : 'light'}">
<link rel="icon" href="data:,">
<style>body { margin: 1.5rem; font: 16px system-ui, sans-serif; ${isDark ? 'background: #16181d; color: #e6e8ec' : 'background: #fff; color: #1d2026'} }</style>
<main></main>
<script src="/bundle.js"></script>
<script>
  const toasts = []
  const view = window.ToruPlugins[${JSON.stringify(id)}]
  const container = document.querySelector('main')
  view.mount(container, {
    fetch: (path, init) => fetch(${JSON.stringify(ROUTE + id)} + path, init),
    navigate() {},
    showToast: (message, kind) => toasts.push(kind + ': ' + message),
    kv: { get: async () => null, set: async () => undefined },
  })
</script>`
