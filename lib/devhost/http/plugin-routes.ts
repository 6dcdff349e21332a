import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { E } from '../../fp.js'
import type { Context } from '../context.js'
import { forward } from '../forward.js'
import { forwardedHeaders } from './access.js'
import { decodedPath, routed, type Target } from './paths.js'
import { bodyOf, sendStatus } from './reply.js'

/** A body that does not fit into a message of 16 MiB anyway. */
const MOST_BODY = 17 * 1_048_576

/** `/api/plugins/route/<route>/<rest>?<query>`: any method, forwarded to the plugin as the real host does it. `path` is what comes after `/api/plugins/route/`, as it came. */
export const forwardRequest = async (
  context: Context,
  token: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  { path, query }: Target,
): Promise<void> => {
  const decoded = decodedPath(path)
  if (decoded === undefined) return sendStatus(response, 400)
  const { route, rest } = routed(decoded)
  if (route.includes('..')) return sendStatus(response, 400)
  const body = await bodyOf(request, MOST_BODY)
  const left = new AbortController()
  response.once('close', () => left.abort())
  await context.turns(async () => {
    const plugin = context.plugins.byRoute(`/${route}`)
    if (plugin === undefined || !plugin.managed.status().enabled) return sendStatus(response, 404)
    const address = plugin.managed.address()
    const { id } = plugin.managed.metadata()
    if (address === undefined || body === undefined) {
      context.say({
        kind: 'error',
        about: id,
        text: `${request.method} ${path}: ${body === undefined ? 'the body is too long for a message' : 'it does not run'}: 502`,
      })
      return sendStatus(response, 502)
    }
    const suffix = query === undefined ? '' : `?${query}`
    const answer = await forward(
      context.destination(id, address),
      {
        method: request.method ?? 'GET',
        path: rest + suffix,
        rawPath: routed(path).rest + suffix,
        headers: forwardedHeaders(request.rawHeaders, token),
        body: body.length === 0 || !isUtf8(body) ? null : body.toString('utf8'),
      },
      left.signal,
    )
    if (E.isLeft(answer)) {
      if (!left.signal.aborted) context.say({ kind: 'error', about: id, text: `${request.method} ${rest}: ${answer.left}: 502` })
      return sendStatus(response, 502)
    }
    const { status, headers, losses } = answer.right
    for (const loss of losses) context.say({ kind: 'warn', about: id, text: `${request.method} ${rest}: ${loss}` })
    send(response, status, headers, answer.right.body)
  })
}

/** The plugin's headers as they are; what is missing of a length is added. */
const send = (response: ServerResponse, status: number, headers: ReadonlyArray<readonly [string, string]>, body: string): void => {
  const isFramed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name))
  const isEmpty = status === 204 || status === 304
  const length = isFramed || isEmpty ? [] : [['content-length', String(Buffer.byteLength(body))] as const]
  response.writeHead(status, [...headers, ...length].flat()).end(body)
}
