import type { IncomingMessage, ServerResponse } from 'node:http'
import { E } from '../../fp.js'
import type { Context } from '../context.js'
import { hostObject } from '../plugin/registry.js'
import { answerKv } from './kv-api.js'
import { sendError, sendJson, sendStatus } from './reply.js'

/**
 * A request to an interface of the host: the decoded segments of its path below the interface, and
 * its query.
 */
export interface ApiRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly words: ReadonlyArray<string>
  readonly query: string | undefined
}

type Handler = (context: Context, id: string, api: ApiRequest) => Promise<void> | void

/** The requests about one plugin, by the last segment of the path, as in the real host. */
const OF_A_PLUGIN: Readonly<
  Record<string, { readonly method: 'GET' | 'POST'; readonly handle: Handler }>
> = {
  '': {
    method: 'GET',
    handle: (context, id, { response }) =>
      withPlugin(context, id, response, plugin => sendJson(response, 200, hostObject(plugin))),
  },
  enable: { method: 'POST', handle: (context, id, api) => enable(context, id, api) },
  disable: { method: 'POST', handle: (context, id, api) => disable(context, id, api) },
  'bundle.js': { method: 'GET', handle: (context, id, api) => bundle(context, id, api) },
  logs: { method: 'GET', handle: (context, id, api) => logs(context, id, api) },
  kv: { method: 'POST', handle: answerKv },
}

/** Answers a request to `/api/plugins` and below, except the plugins' own routes. */
export const pluginsApi = async (context: Context, api: ApiRequest): Promise<void> => {
  const { request, response, words } = api
  const [id, last = '', ...more] = words
  if (id === undefined)
    return isMethod(request, response, 'GET')
      ? sendJson(response, 200, context.plugins.all().map(hostObject))
      : undefined
  const found =
    more.length === 0 && Object.hasOwn(OF_A_PLUGIN, last) && (words.length === 1 || last !== '')
      ? OF_A_PLUGIN[last]
      : undefined
  if (found === undefined) return sendStatus(response, 404)
  if (isMethod(request, response, found.method)) await found.handle(context, id, api)
}

const isMethod = (
  { method }: IncomingMessage,
  response: ServerResponse,
  expected: 'GET' | 'POST',
): boolean => {
  const fits = method === expected || (expected === 'GET' && method === 'HEAD')
  if (!fits) sendStatus(response, 405, { allow: expected === 'GET' ? 'GET,HEAD' : expected })
  return fits
}

type Hosted = NonNullable<ReturnType<Context['plugins']['get']>>

const withPlugin = (
  context: Context,
  id: string,
  response: ServerResponse,
  use: (plugin: Hosted) => void,
): void => {
  const plugin = context.plugins.get(id)
  if (plugin === undefined) sendStatus(response, 404)
  else use(plugin)
}

const NOT_FOUND = 'Plugin not found'

const enable: Handler = async (context, id, { response }) => {
  const plugin = context.plugins.get(id)
  if (plugin === undefined) return sendError(response, 404, NOT_FOUND)
  const result = await plugin.managed.enable()
  if (E.isLeft(result)) sendError(response, 500, `Failed to enable plugin: ${result.left}`)
  else sendJson(response, 200, { success: true })
}

const disable: Handler = async (context, id, { response }) => {
  const plugin = context.plugins.get(id)
  if (plugin === undefined) return sendError(response, 404, NOT_FOUND)
  await plugin.managed.disable()
  sendJson(response, 200, { success: true })
}

const bundle: Handler = (context, id, { response }) =>
  withPlugin(context, id, response, ({ managed, frontend }) => {
    const text = managed.status().enabled ? frontend()?.read() : undefined
    if (text === undefined) return sendStatus(response, 404)
    response
      .writeHead(200, {
        'content-type': 'application/javascript',
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
      })
      .end(text)
  })

const WHOLE = /^\d{1,9}$/

const logs: Handler = (context, id, { response, query }) =>
  withPlugin(context, id, response, () => {
    const parameters = new URLSearchParams(query)
    const page = parameters.get('page') ?? '0'
    const size = parameters.get('page_size') ?? '100'
    if (!WHOLE.test(page) || !WHOLE.test(size)) return sendStatus(response, 400)
    const found = context.logs.page(id, Number(page), Number(size), parameters.get('level'))
    sendJson(response, 200, { logs: found, page: Number(page), page_size: Number(size) })
  })
