import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { E } from '../../fp.js'
import type { Context } from '../context.js'
import { admission, type Binding } from './access.js'
import { consoleFile } from './console-files.js'
import { devApi } from './dev-api.js'
import { decodedPath, targetOf } from './paths.js'
import { forwardRequest } from './plugin-routes.js'
import { pluginsApi } from './plugins-api.js'
import { sendError, sendStatus } from './reply.js'

/** A server that listens. */
export interface Listening {
  readonly port: number
  /** Lets nobody in any more, and closes every connection. */
  readonly close: () => Promise<void>
}

/** Where the host is unless somebody says otherwise, and how many ports after that are tried. */
const USUAL_PORT = 4_000
const NEXT_PORTS = 20

/** Serves the host's interface and its console. Left with what is in the way. */
export const listenHttp = async (context: Context, binding: Binding, port: number | undefined): Promise<E.Either<string, Listening>> => {
  const server = createServer({ keepAliveTimeout: 5_000, requestTimeout: 0 }, (request, response) => {
    answer(context, binding, request, response).catch((thrown: unknown) => {
      context.say({
        kind: 'error',
        about: null,
        text: `${request.method} ${request.url?.split('?')[0]}: ${thrown instanceof Error ? thrown.stack : thrown}`,
      })
      if (response.headersSent) response.destroy()
      else sendError(response, 500, 'the host failed: its terminal says why')
    })
  })
  // A browser that has left needs no answer.
  server.on('clientError', (_, socket) => void socket.destroy())
  const ports = port === undefined ? Array.from({ length: NEXT_PORTS + 1 }, (_, index) => USUAL_PORT + index) : [port]
  for (const candidate of ports) {
    const bound = await bind(server, candidate, binding.address)
    if (E.isRight(bound)) {
      if (candidate !== ports[0])
        context.say({ kind: 'warn', about: null, text: `port ${USUAL_PORT} is taken, so this is port ${candidate}` })
      return E.right({ port: bound.right, close: () => closed(server) })
    }
    if (bound.left !== 'EADDRINUSE') return E.left(`cannot listen on ${binding.address}:${candidate}: ${bound.left}`)
  }
  return E.left(
    port === undefined
      ? `the ports ${USUAL_PORT} to ${USUAL_PORT + NEXT_PORTS} are all taken: name a free one with --port, or --port 0 for any`
      : `port ${port} is taken: name another one, or --port 0 for any`,
  )
}

const bind = (server: Server, port: number, address: string): Promise<E.Either<string, number>> =>
  new Promise(resolve => {
    const failed = (cause: NodeJS.ErrnoException): void => resolve(E.left(cause.code === 'EADDRINUSE' ? 'EADDRINUSE' : cause.message))
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

const answer = async (context: Context, binding: Binding, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { url = '/', method = 'GET', headers } = request
  const admitted = admission(binding, { method, url, headers })
  if (admitted._tag === 'Refused') return sendError(response, admitted.status, admitted.reason)
  if (admitted._tag === 'Welcome')
    return sendStatus(response, 302, { location: admitted.location, 'set-cookie': admitted.cookie, 'referrer-policy': 'no-referrer' })
  const { path, query } = targetOf(url)
  if (path.startsWith(ROUTES) && path.length > ROUTES.length)
    return forwardRequest(context, binding.token, request, response, { path: path.slice(ROUTES.length), query })
  const decoded = path.split('/').map(decodedPath)
  const words = decoded.flatMap(word => (word === undefined ? [] : [word])).slice(1)
  if (words.length + 1 !== decoded.length) return sendStatus(response, 400)
  const api = { request, response, query }
  if (words[0] === 'api' && words[1] === 'plugins')
    return inOrder(context, words)(() => pluginsApi(context, { ...api, words: words.slice(2) }))
  if (words[0] === 'api' && words[1] === 'dev') return devApi(context, { ...api, words: words.slice(2) })
  if (method !== 'GET' && method !== 'HEAD') return sendStatus(response, 405, { allow: 'GET,HEAD' })
  return consoleFile(`/${words.join('/')}`, response)
}

/** Today's host looks nothing up while it forwards, but for its table of keys. */
const inOrder = (context: Context, words: ReadonlyArray<string>): Context['turns'] => (words[3] === 'kv' ? work => work() : context.turns)
