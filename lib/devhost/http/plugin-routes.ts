import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { E } from '../../fp.js'
import type { Context } from '../context.js'
import { forward } from '../exchange/forward.js'
import { forwardedHeaders } from './access.js'
import { decodedPath, routed, type Target } from './paths.js'
import { bodyOf, sendStatus } from './reply.js'

/** A body that does not fit into a message of 16 MiB anyway. */
const MOST_BODY = 17 * 1_048_576

/**
 * `/api/plugins/route/<route>/<rest>?<query>`: any method, forwarded to the plugin as the real host
 * does it. `path` is what comes after `/api/plugins/route/`, as it came.
 */
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
  // As it came, in visible ASCII: nobody can write a line of the terminal with it.
  const title = `${request.method} ${routed(path).rest}`
  if (route.includes('..')) return sendStatus(response, 400)
  const body = await bodyOf(request, MOST_BODY)
  // Nobody is there to be answered, and no request to be forwarded.
  if (E.isLeft(body) && body.left === 'client left') return
  const left = new AbortController()
  response.once('close', () => left.abort())
  await context.queue(async () => {
    const plugin = context.plugins.byRoute(`/${route}`)
    if (plugin === undefined || !plugin.managed.status().enabled) return sendStatus(response, 404)
    const address = plugin.managed.address()
    const { id } = plugin.managed.metadata()
    if (address === undefined || E.isLeft(body)) {
      context.say({
        kind: 'error',
        about: id,
        text: `${title}: ${E.isLeft(body) ? 'the body is too long for a message' : 'it does not run'}: 502`,
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
        body: textIn(body.right),
      },
      left.signal,
    )
    if (E.isLeft(answer)) {
      if (!left.signal.aborted)
        context.say({ kind: 'error', about: id, text: `${title}: ${answer.left}: 502` })
      return sendStatus(response, 502)
    }
    const { status, headers, losses } = answer.right
    const framing = framingLosses(request.method, headers, answer.right.body)
    for (const loss of [...losses, ...framing])
      context.say({ kind: 'warn', about: id, text: `${title}: ${loss}` })
    send(
      response,
      status,
      headers,
      answer.right.body,
      !context.policy.correctsLength || framing.length === 0,
    )
  })
}

/** The host sends text, and `null` for an empty body or one that is not UTF-8. */
const textIn = (body: Buffer): string | null =>
  body.length === 0 || !isUtf8(body) ? null : body.toString('utf8')

const FRAMING = /^(?:content-length|transfer-encoding)$/i

/**
 * What a plugin says of how its body is sent, where that is not true: then the browser reads too
 * little, waits for more, or takes the rest for the next answer.
 */
const framingLosses = (
  method: string | undefined,
  headers: ReadonlyArray<readonly [string, string]>,
  body: string,
): ReadonlyArray<string> =>
  headers
    .filter(
      ([name, value]) =>
        FRAMING.test(name) &&
        !(name.toLowerCase() === 'content-length' && (method === 'HEAD' || value === length(body))),
    )
    .map(
      ([name, value]) =>
        `its header ${name}: ${value} is not that of its body, which has ${length(body)} bytes: today's host writes it all the same, and the connection breaks`,
    )

const length = (body: string): string => String(Buffer.byteLength(body))

/**
 * The plugin's headers as they are, or with the true length in the place of what it says; what is
 * missing of a length is added. A connection that may be broken is not used again.
 */
const send = (
  response: ServerResponse,
  status: number,
  headers: ReadonlyArray<readonly [string, string]>,
  body: string,
  asTheyAre: boolean,
): void => {
  const kept = asTheyAre ? headers : headers.filter(([name]) => !FRAMING.test(name))
  const isFramed = kept.some(([name]) => FRAMING.test(name))
  const isEmpty = status === 204 || status === 304
  const own = isFramed || isEmpty ? [] : [['content-length', length(body)] as const]
  if (isFramed) response.shouldKeepAlive = false
  response.writeHead(status, [...kept, ...own].flat()).end(body)
}
