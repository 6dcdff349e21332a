import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { HOST_HTTP_TIMEOUT, HOST_KV_TIMEOUT } from '../../domain/host.js'
import { type ExchangeFailure, exchange } from '../../plugin-process/exchange.js'
import {
  type Dialect,
  type Framing,
  type HostMessage,
  parseMessage,
  type Reply,
} from '../../protocol.js'
import { type CliError, failure } from '../cli-error.js'

/** How a message is sent to a plugin. */
export interface CallTarget {
  /** The path of the plugin's socket. */
  readonly path: string
  readonly dialect: Dialect
  readonly framing: Framing
  /** Milliseconds for all of it. */
  readonly timeout: number
}

/** What went over the socket, and when, in milliseconds from the beginning. */
export interface Measures {
  /** Until the connection was accepted. */
  readonly connect: number
  /** Until the first byte of the answer; the same as `total` where there is no answer. */
  readonly firstByte: number
  readonly total: number
  /** With their frames. */
  readonly sent: Buffer
  readonly received: Buffer
}

/** What came of a call; a lifecycle message has no reply. */
export interface Called {
  readonly reply: E.Either<CliError, O.Option<Reply>>
  readonly measures: Measures
}

/**
 * How long a plugin may take to close its end after a lifecycle message, in milliseconds. The host
 * does not wait for that; here it shows that the message was taken.
 */
const CLOSE_TIMEOUT = 1_000

/**
 * Sends a message on a connection of its own, as a host sends each. Left where it cannot be sent at
 * all; what else goes wrong is in the place of the reply, beside what went over the socket.
 */
export const send = async (
  { path, dialect, framing, timeout }: CallTarget,
  message: HostMessage,
): Promise<E.Either<CliError, Called>> => {
  const framed = framing.encode(dialect.encodeMessage(message, new Date().toISOString()))
  if (E.isLeft(framed))
    return E.left(
      failure(`the message cannot be sent: ${framed.left.message}`, 'Send less in one message.'),
    )
  const requestId = message._tag === 'Http' || message._tag === 'Kv' ? message.requestId : undefined
  const { answer, received, connected, firstByte, total } = await exchange({
    path,
    message: framed.right,
    framing,
    timeout,
    ...(requestId === undefined ? { closeTimeout: Math.min(timeout, CLOSE_TIMEOUT) } : {}),
  })
  return E.right({
    measures: {
      connect: connected,
      firstByte,
      total,
      sent: connected === 0 ? Buffer.alloc(0) : framed.right,
      received,
    },
    reply: pipe(
      answer,
      E.mapLeft(reason => failed(path, timeout, reason)),
      E.chain(
        O.traverse(E.Applicative)(bytes =>
          pipe(
            parseMessage(bytes),
            E.chain(dialect.decodeAnswer),
            E.mapLeft(({ message }) => noAnswer(message)),
            E.chain(reply => answering(requestId, reply)),
          ),
        ),
      ),
      E.map(O.filter(() => requestId !== undefined)),
    ),
  })
}

const SHOW_RAW = '--raw shows what was sent and what came.'
const SHOW_LOG = "The plugin's log says why: -v shows it where this command starts the plugin."

const noAnswer = (reason: string): CliError =>
  failure(`what came is no answer: ${reason}`, SHOW_RAW)

const answering = (
  requestId: string | null | undefined,
  reply: Reply,
): E.Either<CliError, Reply> =>
  requestId === undefined || reply.requestId === requestId
    ? E.right(reply)
    : E.left(
        failure(
          'the answer is to another request: expected the request_id ' +
            `${JSON.stringify(requestId)}, got ${JSON.stringify(reply.requestId ?? null)}`,
          SHOW_RAW,
        ),
      )

const failed = (path: string, timeout: number, reason: ExchangeFailure): CliError => {
  switch (reason._tag) {
    case 'PathTooLong':
      return failure(
        `the path of a socket has at most ${reason.most} bytes, not ${reason.bytes}: ${path}`,
        'Set TORU_PLUGIN_SOCKET of the plugin to a shorter path, or name it relative to here.',
      )
    case 'Unreachable':
      return failure(`${path}: ${reason.cause.message}`, hintFor(reason.cause))
    case 'NotAccepted':
      return failure(
        `${path} does not accept the connection within ${timeout / 1_000} s`,
        'Is the plugin too busy, or stopped?',
      )
    case 'NoAnswer':
      return failure(
        `no answer within ${timeout / 1_000} s`,
        `The host waits ${HOST_HTTP_TIMEOUT / 1_000} s for an HTTP answer and ` +
          `${HOST_KV_TIMEOUT / 1_000} s for a KV answer. ${SHOW_LOG}`,
      )
    case 'Closed':
      return failure('the plugin closed the connection without an answer', SHOW_LOG)
    case 'Malformed':
      return noAnswer(reason.error.message)
    case 'Aborted':
      return failure('the call was aborted', 'Call again.')
  }
}

const hintFor = ({ code }: NodeJS.ErrnoException): string => {
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nobody listens there: the plugin that made this socket is gone. Start it again.'
    case 'EACCES':
      return 'A socket is for the user whose plugin made it: run this command as that user.'
    default:
      return SHOW_LOG
  }
}
