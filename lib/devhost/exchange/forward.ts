import { randomUUID } from 'node:crypto'
import { HOST_HTTP_TIMEOUT, HOST_KV_TIMEOUT } from '../../domain/host.js'
import { E, O, pipe } from '../../fp.js'
import { type ExchangeFailure, exchange } from '../../plugin-process/exchange.js'
import {
  type DialectName,
  dialects,
  framings,
  type HostMessage,
  parseMessage,
} from '../../protocol.js'
import { type BrowserAnswer, browserAnswer } from './answer-limits.js'
import type { Recorded } from './traffic.js'

/** A request as the host sends it to a plugin. */
export interface PluginRequest {
  readonly method: string
  /** Below the plugin's route, percent-decoded, with the query as it came. */
  readonly path: string
  /** The same path as the browser sent it, for the dialects in which it comes so. */
  readonly rawPath: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** To whom messages go, and how they are written. */
export interface Destination {
  readonly plugin: string
  readonly path: string
  readonly dialect: DialectName
  /** Remembers what went over the connection. */
  readonly record: (recorded: Recorded) => void
}

/**
 * Forwards a request over a connection of its own. Left with the reason where there is no answer
 * that could be used: a 502.
 */
export const forward = async (
  to: Destination,
  request: PluginRequest,
  signal: AbortSignal,
): Promise<E.Either<string, BrowserAnswer>> => {
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
    E.chain(payload => browserAnswer(to.dialect, payload)),
  )
  const losses =
    E.isRight(answer) && answer.right.losses.length > 0 ? answer.right.losses.join('; ') : null
  sent.record({
    kind: 'http',
    title: `${method} ${path}`,
    method,
    path,
    status: E.isRight(answer) ? answer.right.status : 502,
    error: E.isLeft(answer) ? answer.left : losses,
  })
  return answer
}

/**
 * Sends a key-value message to the plugin itself, as the host's pages promise it. Left with the
 * reason where no answer can be used.
 */
export const tryKv = async (
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

/** Sends a lifecycle message and closes without reading. What becomes of it is in the traffic. */
export const tell = async (to: Destination, message: HostMessage): Promise<void> => {
  const sent = await send(to, message, undefined)
  const problem = E.isLeft(sent.payload) ? sent.payload.left : null
  sent.record({
    kind: 'lifecycle',
    title: message._tag.toLowerCase(),
    method: null,
    path: null,
    status: null,
    error: problem,
  })
}

type Rest = Pick<Recorded, 'kind' | 'title' | 'method' | 'path' | 'status' | 'error'>

interface Sent {
  /** The text of the answer; empty where none was waited for. */
  readonly payload: E.Either<string, Buffer>
  readonly record: (rest: Rest) => void
}

const send = async (
  to: Destination,
  message: HostMessage,
  timeout: number | undefined,
  signal?: AbortSignal,
): Promise<Sent> => {
  const at = Date.now()
  const frame = framings.frames.encode(
    dialects[to.dialect].encodeMessage(message, new Date(at).toISOString()),
  )
  if (E.isLeft(frame)) {
    const nothing = {
      plugin: to.plugin,
      at,
      dialect: to.dialect,
      sent: Buffer.alloc(0),
      received: null,
      took: null,
    }
    return {
      payload: E.left(frame.left.message),
      record: rest => to.record({ ...nothing, ...rest }),
    }
  }
  const { answer, received, total } = await exchange({
    path: to.path,
    message: frame.right,
    framing: framings.frames,
    timeout: timeout ?? WRITE_TIMEOUT,
    refusedTimeout: REFUSED_TIMEOUT,
    ...(timeout === undefined ? { closeTimeout: 0 } : {}),
    ...(signal === undefined ? {} : { signal }),
  })
  return {
    payload: pipe(
      answer,
      E.bimap(
        failureText(timeout ?? WRITE_TIMEOUT),
        O.getOrElseW(() => Buffer.alloc(0)),
      ),
    ),
    record: rest =>
      to.record({
        plugin: to.plugin,
        at,
        dialect: to.dialect,
        sent: frame.right,
        received: received.length === 0 ? null : received,
        took: timeout === undefined ? null : total,
        ...rest,
      }),
  }
}

/** How long a plugin may take from the name of its socket to accepting connections. */
const REFUSED_TIMEOUT = 500

/** A plugin that does not even take a lifecycle message is not waited for. */
const WRITE_TIMEOUT = 2_000

const failureText =
  (timeout: number) =>
  (failure: ExchangeFailure): string => {
    switch (failure._tag) {
      case 'PathTooLong':
        return `the path of its socket has ${failure.bytes} bytes: at most ${failure.most} are allowed`
      case 'Unreachable':
        return `the plugin cannot be reached: ${failure.cause.message}`
      case 'NotAccepted':
      case 'NoAnswer':
        return `no answer within ${timeout / 1_000} s`
      case 'Closed':
        return 'the plugin closed the connection without an answer'
      case 'Malformed':
        return `what came is no answer: ${failure.error.message}`
      case 'Aborted':
        return 'the client left before the answer came'
    }
  }
