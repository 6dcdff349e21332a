import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestPlugin } from '../../../lib/testing/index.js'

/**
 * A panel that shows one plugin's page: it loads the bundle, mounts it, and hands requests on as
 * the real one does.
 */
export interface Panel {
  readonly url: string
  /** The requests so far that were handed on, such as `GET /services`. */
  readonly requests: ReadonlyArray<string>
  close(): void
}

const ROUTE = '/api/plugins/route/'

export const startPanel = async (
  id: string,
  plugin: TestPlugin,
  bundle: string,
): Promise<Panel> => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = request.url ?? '/'
    if (url.startsWith(`${ROUTE}${id}/`)) {
      const path = url.slice(ROUTE.length + id.length)
      requests.push(`${request.method} ${path}`)
      plugin.request({ method: request.method ?? 'GET', path }).then(
        answer =>
          response.writeHead(answer.status, { ...answer.headers }).end(answer.body ?? undefined),
        () => response.writeHead(502).end('{"error":"no answer"}'),
      )
      return
    }
    if (url === '/bundle.js')
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(bundle)
    else if (url.startsWith('/?') || url === '/')
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(page(id, url.includes('dark')))
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
