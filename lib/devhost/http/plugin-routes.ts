import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { E } from '../../fp.js'
import type { Context } from '../context.js'
import { forward } from '../exchange/forward.js'
import { failed, type SendFailure } from '../exchange/send.js'
import { forwardedHeaders } from './access.js'
import { decodedPath, routed, type Target } from './paths.js'
import { bodyOf, sendError, sendStatus } from './reply.js'

/** A plugin that still starts is worth another try. */
const STATUS_OF: Readonly<Record<SendFailure['_tag'], number>> = {
  Disabled: 404,
  Starting: 503,
  Down: 502,
  Failed: 502,
}

/** Longer bodies do not fit into a message. */
const MAX_BODY = 17 * 1_048_576

/**
 * Forwards `/api/plugins/route/<route>/<rest>?<query>` with any method to a plugin, as the real
 * host does. `path` is the part after `/api/plugins/route/`, as it came.
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
  // The path as it came is visible ASCII, so that it cannot forge a line of the terminal.
  const title = `${request.method} ${routed(path).rest}`
  if (route.includes('..')) return sendStatus(response, 400)
  const body = await bodyOf(request, MAX_BODY)
  // There is no one to answer, and no request to forward.
  if (E.isLeft(body) && body.left === 'client left') return
  const left = new AbortController()
  response.once('close', () => left.abort())
  await context.queue(async () => {
    const plugin = context.plugins.byRoute(`/${route}`)
    if (plugin === undefined) return sendStatus(response, 404)
    const { id } = plugin.managed.metadata()
    const refuse = ({ _tag, reason }: SendFailure): void => {
      if (left.signal.aborted) return
      const status = STATUS_OF[_tag]
      if (status === 404) return sendStatus(response, 404)
      context.say({ kind: 'error', about: id, text: `${title}: ${reason}: ${status}` })
      if (context.policy.explainsFailures) sendError(response, status, reason)
      else sendStatus(response, status)
    }
    if (E.isLeft(body)) return refuse(failed('the body is too long for a message'))
    const suffix = query === undefined ? '' : `?${query}`
    const answer = await forward(
      context.destination(id, plugin.managed.exchange),
      {
        method: request.method ?? 'GET',
        path: rest + suffix,
        rawPath: routed(path).rest + suffix,
        headers: forwardedHeaders(request.rawHeaders, token),
        body: textIn(body.right),
      },
      left.signal,
    )
    if (E.isLeft(answer)) return refuse(answer.left)
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

/** A body as the host sends it: `null` if it is empty or not UTF-8. */
const textIn = (body: Buffer): string | null =>
  body.length === 0 || !isUtf8(body) ? null : body.toString('utf8')

const FRAMING_HEADER = /^(?:content-length|transfer-encoding)$/i

/**
 * Reports wrong framing headers of an answer, with which the browser would read too little, wait
 * for more, or take the rest for the next answer.
 */
const framingLosses = (
  method: string | undefined,
  headers: ReadonlyArray<readonly [string, string]>,
  body: string,
): ReadonlyArray<string> =>
  headers
    .filter(
      ([name, value]) =>
        FRAMING_HEADER.test(name) &&
        !(name.toLowerCase() === 'content-length' && (method === 'HEAD' || value === length(body))),
    )
    .map(
      ([name, value]) =>
        `its header ${name}: ${value} is not that of its body, which has ${length(body)} bytes: today's host writes it all the same, and the connection breaks`,
    )

const length = (body: string): string => String(Buffer.byteLength(body))

/**
 * Sends an answer with the plugin's headers. Framing headers are kept if `asTheyAre`, otherwise the
 * true length replaces them. A connection that may be broken is not reused.
 */
const send = (
  response: ServerResponse,
  status: number,
  headers: ReadonlyArray<readonly [string, string]>,
  body: string,
  asTheyAre: boolean,
): void => {
  const kept = asTheyAre ? headers : headers.filter(([name]) => !FRAMING_HEADER.test(name))
  const isFramed = kept.some(([name]) => FRAMING_HEADER.test(name))
  const isEmpty = status === 204 || status === 304
  const own = isFramed || isEmpty ? [] : [['content-length', length(body)] as const]
  if (isFramed) response.shouldKeepAlive = false
  response.writeHead(status, [...kept, ...own].flat()).end(body)
}
