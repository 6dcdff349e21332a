import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  ConsoleEvents,
  ConsolePlugin,
  ConsoleState,
  Exchange,
  LogEntry,
} from '../../../lib/devhost/console-api.js'
import { consoleFile } from '../../../lib/devhost/http/console-files.js'

/** A healthy plugin. */
export const somePlugin = (change: Partial<ConsolePlugin> = {}): ConsolePlugin => ({
  id: 'notes',
  name: 'Notes',
  version: '1.0.0',
  author: 'toru-plugin-api',
  icon: '🗒️',
  route: '/notes',
  enabled: true,
  running: true,
  health: 'healthy',
  pid: 4242,
  socket_path: '/tmp/toru-plugins/notes.sock',
  state: 'running',
  reason: null,
  restarts: 0,
  startedAt: Date.now() - 65_000,
  socketAfter: 142,
  memory: 48_300_000,
  source: 'samples/notes/main.ts',
  build: { state: 'ok', errors: [], took: 87 },
  frontend: null,
  ...change,
})

/** An exchange that succeeded. */
export const someExchange = (n: number, change: Partial<Exchange> = {}): Exchange => ({
  n,
  plugin: 'notes',
  at: Date.now(),
  kind: 'http',
  dialect: 'tagged',
  title: `GET /notes/${n}`,
  method: 'GET',
  path: `/notes/${n}`,
  status: 200,
  error: null,
  took: 2.4,
  sent: 412,
  received: 230,
  ...change,
})

/** An entry of a log. */
export const someEntry = (n: number, change: Partial<LogEntry> = {}): LogEntry => ({
  n,
  timestamp: new Date(1_800_000_000_000 + n).toISOString(),
  level: 'Info',
  message: `entry ${n}`,
  plugin: 'notes',
  ...change,
})

/** Replaces the development host in tests that need certain states, bursts or failures. */
export interface FakeHost {
  readonly url: string
  readonly say: <Name extends keyof ConsoleEvents>(name: Name, value: ConsoleEvents[Name]) => void
  /** The first event of the next connection. */
  state: ConsoleState
  exchanges: ReadonlyArray<Exchange>
  logs: ReadonlyArray<Omit<LogEntry, 'n'>>
  /** Answers by method and path: JSON, or for `bundle.js` a text. */
  readonly answers: Map<string, unknown>
  /** The requests so far, such as `POST /api/plugins/notes/disable {}`. */
  readonly asked: string[]
  /** Ends the connections and refuses new ones until `up`. */
  readonly down: () => Promise<void>
  readonly up: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts it on a free port. */
export const fakeHost = async (
  plugins: ReadonlyArray<ConsolePlugin> = [somePlugin()],
): Promise<FakeHost> => {
  const streams = new Set<ServerResponse>()
  const stream = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    streams.add(response)
    response.once('close', () => streams.delete(response))
    response.write(`event: state\ndata: ${JSON.stringify(host.state)}\n\n`)
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?')[0] ?? '/'
    const body = (await request.toArray()).join('')
    const name = `${request.method} ${request.url}`
    if (path === '/api/dev/events') return stream(response)
    if (path === '/' || path.startsWith('/console/')) return consoleFile(path, response)
    host.asked.push(body === '' ? name : `${name} ${body}`)
    const known =
      host.answers.get(name) ?? host.answers.get(`${request.method} ${path}`) ?? usual(path)
    response.writeHead(known === undefined ? 404 : 200, {
      'content-type': path.endsWith('.js') ? 'text/javascript' : 'application/json',
    })
    response.end(
      path.endsWith('.js') ? String(known) : JSON.stringify(known ?? { error: 'no such thing' }),
    )
  }
  const usual = (path: string): unknown => {
    if (path === '/api/dev/traffic') return { exchanges: host.exchanges }
    if (path.endsWith('/logs')) return { logs: host.logs, page: 0, page_size: 500 }
    return /\/(enable|disable|restart|kill|entries)$/.test(path) ? { success: true } : undefined
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  const listening = (port: number): Promise<void> =>
    new Promise(resolve => server.listen(port, '127.0.0.1', resolve))
  await listening(0)
  const { port } = server.address() as AddressInfo
  const down = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const host: FakeHost = {
    url: `http://127.0.0.1:${port}/`,
    say: (event, value) => {
      for (const each of streams) each.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`)
    },
    state: { version: '1.0.0', dialect: 'tagged', policy: 'development', plugins },
    exchanges: [],
    logs: [],
    answers: new Map(),
    asked: [],
    down,
    up: () => listening(port),
    stop: down,
  }
  return host
}
