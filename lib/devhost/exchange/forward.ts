import { randomUUID } from 'node:crypto'
import { HOST_HTTP_TIMEOUT, HOST_KV_TIMEOUT } from '../../domain/host.js'
import { E, pipe } from '../../fp.js'
import { dialects, type HostMessage, parseMessage } from '../../protocol.js'
import { type BrowserAnswer, browserAnswer } from './answer-limits.js'
import { type Destination, failed, type SendFailure, send } from './send.js'

/** A request as the host sends it to a plugin. */
export interface PluginRequest {
  readonly method: string
  /** Below the plugin's route: percent-decoded, with the query as it came. */
  readonly path: string
  /** The same path as the browser sent it, for the dialects that do not decode it. */
  readonly rawPath: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/**
 * Forwards a request over a connection of its own. Left with the reason if there is no usable
 * answer.
 */
export const forward = async (
  to: Destination,
  request: PluginRequest,
  signal: AbortSignal,
): Promise<E.Either<SendFailure, BrowserAnswer>> => {
  const { method, headers, body } = request
  const path = to.dialect === 'tagged' ? request.path : request.rawPath
  const sent = await send(
    to,
    {
      _tag: 'Http',
      requestId: randomUUID(),
      method,
      path,
      pathDecoded: to.dialect === 'tagged',
      headers,
      body,
    },
    HOST_HTTP_TIMEOUT,
    signal,
  )
  const answer = pipe(
    sent.payload,
    E.chain(payload => E.mapLeft(failed)(browserAnswer(to.dialect, payload))),
  )
  const losses =
    E.isRight(answer) && answer.right.losses.length > 0 ? answer.right.losses.join('; ') : null
  sent.record({
    kind: 'http',
    title: `${method} ${path}`,
    method,
    path,
    status: E.isRight(answer) ? answer.right.status : 502,
    error: E.isLeft(answer) ? answer.left.reason : losses,
  })
  return answer
}

/**
 * Sends a `kv` message to the plugin, as the host's pages promise. Left with the reason if there is
 * no usable answer.
 */
export const sendKv = async (
  to: Destination,
  action: 'get' | 'set' | 'delete',
  key: string,
  value: string | undefined,
): Promise<E.Either<string, string | null>> => {
  const sent = await send(
    to,
    { _tag: 'Kv', requestId: randomUUID(), action, key, value },
    HOST_KV_TIMEOUT,
  )
  const answer = pipe(
    sent.payload,
    E.mapLeft(({ reason }) => reason),
    E.chainW(parseMessage),
    E.chainW(dialects[to.dialect].decodeAnswer),
    E.mapLeft(error => (typeof error === 'string' ? error : error.message)),
    E.chain(({ answer }) =>
      answer._tag === 'KvAnswer'
        ? E.right(answer.value)
        : E.left('the plugin answered with an http message'),
    ),
  )
  sent.record({
    kind: 'kv',
    title: `${action} ${key}`,
    method: null,
    path: null,
    status: null,
    error: E.isLeft(answer) ? answer.left : null,
  })
  return answer
}

/** Sends a lifecycle message, which has no answer. The traffic shows whether that worked. */
export const sendLifecycle = async (to: Destination, message: HostMessage): Promise<void> => {
  const sent = await send(to, message, undefined)
  const problem = E.isLeft(sent.payload) ? sent.payload.left.reason : null
  sent.record({
    kind: 'lifecycle',
    title: message._tag.toLowerCase(),
    method: null,
    path: null,
    status: null,
    error: problem,
  })
}
