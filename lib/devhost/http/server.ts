import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { TaskQueue } from '../../domain/task-queue.js'
import { E } from '../../fp.js'
import type { Context } from '../context.js'
import { admission, type Binding } from './access.js'
import { consoleFile } from './console-files.js'
import { devApi } from './dev-api.js'
import { decodedPath, targetOf } from './paths.js'
import { forwardRequest } from './plugin-routes.js'
import { pluginsApi } from './plugins-api.js'
import { sendError, sendStatus } from './reply.js'

/** A listening server. */
export interface Listening {
  readonly port: number
  /** Stops listening and closes all connections. */
  readonly close: () => Promise<void>
}

/**
 * Serves the host's interfaces and its console on the first free port. The console is there at
 * once; requests to the real host's interface wait until `ready`. Left with the reason if there is
 * no free port.
 */
export const listenHttp = async (
  context: Context,
  binding: Binding,
  ports: ReadonlyArray<number>,
  ready: Promise<void>,
): Promise<E.Either<string, Listening>> => {
  const server = createServer(
    { keepAliveTimeout: 5_000, requestTimeout: 0 },
    (request, response) => {
      answer(context, binding, ready, request, response).catch((thrown: unknown) => {
        context.say({
          kind: 'error',
          about: null,
          text: `${request.method} ${request.url?.split('?')[0]}: ${thrown instanceof Error ? thrown.stack : thrown}`,
        })
        if (response.headersSent) response.destroy()
        else sendError(response, 500, 'the host failed: see its terminal')
      })
    },
  )
  // A client whose request cannot be parsed gets no answer.
  server.on('clientError', (_, socket) => void socket.destroy())
  for (const candidate of ports) {
    const bound = await bind(server, candidate, binding.address)
    if (E.isRight(bound)) {
      if (candidate !== ports[0])
        context.say({
          kind: 'warn',
          about: null,
          text: `port ${ports[0]} is taken, so this is port ${bound.right}`,
        })
      return E.right({ port: bound.right, close: () => closed(server) })
    }
    if (bound.left !== TAKEN)
      return E.left(`cannot listen on ${binding.address}:${candidate}: ${bound.left}`)
  }
  const all =
    ports.length === 1
      ? `port ${ports[0]} is taken`
      : `the ports ${ports[0]} to ${ports.at(-1)} are all taken`
  return E.left(`${all}: name a free one with --port, or --port 0 for any`)
}

const TAKEN = 'EADDRINUSE'

const bind = (server: Server, port: number, address: string): Promise<E.Either<string, number>> =>
  new Promise(resolve => {
    const failed = (cause: NodeJS.ErrnoException): void =>
      resolve(E.left(cause.code === TAKEN ? TAKEN : cause.message))
    server.once('error', failed)
    server.listen({ port, host: address }, () => {
      server.off('error', failed)
      const bound = server.address()
      resolve(E.right(typeof bound === 'object' && bound !== null ? bound.port : port))
    })
  })

const closed = (server: Server): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const ROUTES = '/api/plugins/route/'

const answer = async (
  context: Context,
  binding: Binding,
  ready: Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { url = '/', method = 'GET', headers } = request
  const admitted = admission(binding, { method, url, headers })
  if (admitted._tag === 'Refused') return sendError(response, admitted.status, admitted.reason)
  if (admitted._tag === 'Welcome')
    return sendStatus(response, 302, {
      location: admitted.location,
      'set-cookie': admitted.cookie,
      'referrer-policy': 'no-referrer',
    })
  const { path, query } = targetOf(url)
  const whenReady = async (task: () => Promise<void>): Promise<void> => {
    await ready
    // What a client that has left sent can no longer be read.
    if (!request.destroyed) await task()
  }
  if (path.startsWith(ROUTES) && path.length > ROUTES.length)
    return whenReady(() =>
      forwardRequest(context, binding.token, request, response, {
        path: path.slice(ROUTES.length),
        query,
      }),
    )
  const decoded = path.split('/').map(decodedPath)
  const words = decoded.flatMap(word => (word === undefined ? [] : [word])).slice(1)
  if (words.length + 1 !== decoded.length) return sendStatus(response, 400)
  const api = { request, response, query }
  if (words[0] === 'api' && words[1] === 'plugins')
    return whenReady(() =>
      queueFor(context, words)(() => pluginsApi(context, { ...api, words: words.slice(2) })),
    )
  if (words[0] === 'api' && words[1] === 'dev')
    return devApi(context, { ...api, words: words.slice(2) })
  if (method !== 'GET' && method !== 'HEAD') return sendStatus(response, 405, { allow: 'GET,HEAD' })
  return consoleFile(`/${words.join('/')}`, response)
}

/** Today's host answers nothing while it forwards a request, except about its table of keys. */
const queueFor = ({ queue }: Context, words: ReadonlyArray<string>): TaskQueue =>
  words[3] === 'kv' ? task => task() : queue
