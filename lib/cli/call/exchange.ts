import { connect } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { HOST_HTTP_TIMEOUT, HOST_KV_TIMEOUT, maxSocketPath } from '../../domain/host.js'
import {
  type Dialect,
  type Framing,
  type HostMessage,
  parseMessage,
  type Reply,
  type WireError,
} from '../../protocol.js'
import { type CliError, failure } from '../cli-error.js'

/** What an exchange needs to know. */
export interface ExchangeOptions {
  /** The path of the plugin's socket. */
  readonly path: string
  readonly dialect: Dialect
  readonly framing: Framing
  /** Milliseconds for all of it. */
  readonly timeout: number
  /** Gets every piece of bytes as it went over the socket. */
  readonly onBytes: (direction: 'sent' | 'received', bytes: Uint8Array) => void
}

/** How long an exchange took, in milliseconds from its begin, and how many bytes it moved. */
export interface Measures {
  /** Until the connection was accepted. */
  readonly connect: number
  /** Until the first byte of the answer; the same as `total` where there is no answer. */
  readonly firstByte: number
  readonly total: number
  /** Bytes with their frames. */
  readonly sent: number
  readonly received: number
}

/** What came of an exchange; a lifecycle message has no reply. */
export interface Exchange {
  readonly reply: O.Option<Reply>
  readonly measures: Measures
}

/** How long a plugin may take to close its end after a lifecycle message, in milliseconds. */
const CLOSE_PATIENCE = 1_000

/** The longest path that a Unix socket takes; Node.js cuts a longer one without a word. */
const LONGEST_PATH = maxSocketPath(process.platform)

/**
 * One message on a connection of its own, as a host sends each, and its answer. The left side says
 * at which step it failed.
 */
export const exchange =
  (
    { path, dialect, framing, timeout, onBytes }: ExchangeOptions,
    message: HostMessage,
  ): TaskEither<CliError, Exchange> =>
  () =>
    new Promise(resolve => {
      const frame = framing.encode(dialect.encodeMessage(message, new Date().toISOString()))
      if (E.isLeft(frame))
        return resolve(E.left(failure(`the message cannot be sent: ${frame.left.message}`)))
      if (Buffer.byteLength(path) > LONGEST_PATH) {
        return resolve(
          E.left(
            failure(
              `the path of a socket has at most ${LONGEST_PATH} bytes, not ${Buffer.byteLength(path)}: ${path}`,
            ),
          ),
        )
      }
      const begun = performance.now()
      const since = (): number => performance.now() - begun
      const requestId =
        message._tag === 'Http' || message._tag === 'Kv' ? message.requestId : undefined
      const decoder = framing.decoder()
      const measured = { connect: 0, firstByte: 0, received: 0 }
      const socket = connect({ path })

      const settle = (result: E.Either<CliError, O.Option<Reply>>): void => {
        clearTimeout(timer)
        const total = since()
        socket.destroy()
        const firstByte = measured.received === 0 ? total : measured.firstByte
        resolve(
          E.map((reply: O.Option<Reply>) => ({
            reply,
            measures: { ...measured, firstByte, total, sent: frame.right.length },
          }))(result),
        )
      }
      const take = (taken: E.Either<WireError, O.Option<Buffer>>): void => {
        const reply = E.chain(
          O.traverse(E.Applicative)((bytes: Buffer) =>
            E.chain(dialect.decodeAnswer)(parseMessage(bytes)),
          ),
        )(taken)
        if (E.isLeft(reply))
          settle(E.left(failure(`what came is no answer: ${reply.left.message}`, SHOW_RAW)))
        else if (O.isSome(reply.right))
          settle(
            requestId === undefined ? E.right(O.none) : answering(requestId, reply.right.value),
          )
      }
      const timer = setTimeout(() => settle(E.left(late(path, measured.connect, timeout))), timeout)

      socket.on('connect', () => {
        measured.connect = since()
        onBytes('sent', frame.right)
        if (requestId !== undefined) return void socket.write(frame.right)
        // The host closes after a lifecycle message without reading; waiting for the plugin's end
        // shows that it was taken.
        socket.end(frame.right)
        setTimeout(() => settle(E.right(O.none)), Math.min(timeout, CLOSE_PATIENCE)).unref()
      })
      socket.on('data', (chunk: Buffer) => {
        if (measured.received === 0) measured.firstByte = since()
        measured.received += chunk.length
        onBytes('received', chunk)
        decoder.append(chunk)
        take(decoder.take())
      })
      socket.on('end', () => take(decoder.end()))
      socket.on('error', cause =>
        settle(E.left(failure(`${path}: ${cause.message}`, mendOf(cause)))),
      )
      socket.on('close', () => {
        if (requestId === undefined) settle(E.right(O.none))
        else settle(E.left(failure('the plugin closed the connection without an answer', SHOW_LOG)))
      })
    })

const SHOW_RAW = '--raw shows what was sent and what came.'
const SHOW_LOG = "The plugin's log says why: -v shows it where this command starts the plugin."

const answering = (requestId: string | null, reply: Reply): E.Either<CliError, O.Option<Reply>> =>
  reply.requestId === requestId
    ? E.right(O.some(reply))
    : E.left(
        failure(
          `the answer is to another request: expected the request_id ${JSON.stringify(requestId)}, got ${JSON.stringify(reply.requestId ?? null)}`,
          SHOW_RAW,
        ),
      )

const late = (path: string, connected: number, timeout: number): CliError =>
  connected === 0
    ? failure(
        `${path} does not accept the connection within ${timeout / 1000} s`,
        'Is the plugin too busy, or stopped?',
      )
    : failure(
        `no answer within ${timeout / 1000} s`,
        `The host waits ${HOST_HTTP_TIMEOUT / 1_000} s for an HTTP answer and ${HOST_KV_TIMEOUT / 1_000} s for a KV answer. ${SHOW_LOG}`,
      )

const mendOf = (cause: NodeJS.ErrnoException): string => {
  switch (cause.code) {
    case 'ECONNREFUSED':
      return 'Nobody listens there: the plugin that made this socket is gone. Start it again.'
    case 'EACCES':
      return 'A socket is for the user whose plugin made it: run this command as that user.'
    default:
      return SHOW_LOG
  }
}
