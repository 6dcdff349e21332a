/// <reference types="node" preserve="true" />
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Task } from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Answer, HostMessage } from '../../domain/message.js'
import { type PluginError, socketError, timeoutError } from '../../domain/plugin-error.js'
import { messageOf } from '../../domain/thrown.js'
import type { Dialect, Reply } from '../../wire/dialect.js'
import type { Framing } from '../../wire/framing.js'
import { type Taken, takeMessages } from '../../wire/message-decoder.js'
import { parseMessage } from '../../wire/parse-message.js'
import { toProtocolError } from '../../wire/wire-error.js'
import { MAX_SOCKET_PATH } from '../socket-file/socket-directory.js'

/** Where a plugin is, and how to speak to it. */
export interface ClientConnectionOptions {
  /** Where the plugin listens. Over a stream of another kind: what errors call it. */
  readonly path: string
  readonly dialect: Dialect
  readonly framing: Framing
  /** Milliseconds for connecting, and for every request and every write. */
  readonly timeout: number
  /** Called with the answers that no request waits for. */
  readonly onUnclaimed: (reply: Reply) => void
}

/** One connection to a plugin, on which any number of requests may be under way. */
export interface ClientConnection {
  /** Writes a message and waits for the answer that carries `requestId`. */
  readonly ask: (requestId: string, message: HostMessage) => TE.TaskEither<PluginError, Answer>
  /** Writes a message to which there is no answer. */
  readonly tell: (message: HostMessage) => TE.TaskEither<PluginError, void>
  /** Writes bytes as they are. */
  readonly raw: (bytes: Uint8Array) => TE.TaskEither<PluginError, void>
  /** Closes the connection behind what was written. */
  readonly close: Task<void>
  /** Waits until the connection is closed, by either side. */
  readonly closed: Task<void>
}

/**
 * Connects to the socket of a plugin. `Socket` where nobody listens there, `Timeout` where nobody
 * accepts in time.
 */
export const openConnection =
  (options: ClientConnectionOptions): TE.TaskEither<PluginError, ClientConnection> =>
  async () => {
    const { path, timeout } = options
    const length = Buffer.byteLength(path)
    if (length === 0 || length > MAX_SOCKET_PATH) {
      const reason = `the path of a socket has 1 to ${MAX_SOCKET_PATH} bytes, not ${length}`
      return E.left(socketError(`cannot connect: ${reason}: ${path}`))
    }
    const socket = connect({ path }).on('error', () => undefined)
    const signal = AbortSignal.timeout(timeout)
    try {
      await once(socket, 'connect', { signal })
      return E.right(connectionOn(socket, options))
    } catch (cause) {
      socket.destroy()
      return E.left(
        signal.aborted
          ? timeoutError(`cannot connect to ${path} within ${timeout} ms`)
          : socketError(`cannot connect to ${path}: ${messageOf(cause)}`, cause),
      )
    }
  }

type Settle = (result: E.Either<PluginError, Answer>) => void

/**
 * A connection over a stream that is connected already: a socket, or one end of a pair in memory.
 */
export const connectionOn = (
  socket: Duplex,
  { path, dialect, framing, timeout, onUnclaimed }: ClientConnectionOptions,
): ClientConnection => {
  const decoder = framing.decoder()
  const waiting = new Map<string, Settle>()
  let lost: PluginError | undefined

  const wasLost = (cause: { readonly message: string }): PluginError =>
    socketError(`the connection to ${path} was lost: ${cause.message}`, cause)
  const lose = (reason: PluginError): void => {
    lost ??= reason
    for (const settle of [...waiting.values()]) settle(E.left(lost))
  }
  const take = (next: () => Taken): void => {
    const taken = takeMessages(next, bytes =>
      pipe(parseMessage(bytes), E.chain(dialect.decodeAnswer), E.map(deliver)),
    )
    if (E.isRight(taken)) return
    // Half a message is what a plugin that dies leaves behind: no violation of the protocol.
    lose(taken.left._tag === 'FrameCut' ? wasLost(taken.left) : toProtocolError(taken.left))
    socket.destroy()
  }
  const deliver = (reply: Reply): void => {
    const settle = waiting.get(reply.requestId ?? '')
    if (settle === undefined) onUnclaimed(reply)
    else settle(E.right(reply.answer))
  }

  socket.on('data', (chunk: Buffer) => {
    decoder.append(chunk)
    take(() => decoder.take())
  })
  socket.on('end', () => take(() => decoder.end()))
  socket.on('error', cause => lose(wasLost(cause)))
  socket.on('close', () => lose(socketError(`the connection to ${path} was closed by the plugin`)))

  const encode = (message: HostMessage): E.Either<PluginError, Buffer> =>
    E.mapLeft(toProtocolError)(
      framing.encode(dialect.encodeMessage(message, new Date().toISOString())),
    )

  const raw =
    (bytes: Uint8Array): TE.TaskEither<PluginError, void> =>
    () =>
      new Promise(resolve => {
        if (lost !== undefined) return resolve(E.left(lost))
        const timer = setTimeout(
          () => resolve(E.left(timeoutError(`the plugin did not read within ${timeout} ms`))),
          timeout,
        )
        socket.write(bytes, cause => {
          clearTimeout(timer)
          resolve(cause ? E.left(lost ?? wasLost(cause)) : E.right(undefined))
        })
      })

  const ask =
    (requestId: string, bytes: Buffer): TE.TaskEither<PluginError, Answer> =>
    () =>
      new Promise(resolve => {
        if (lost !== undefined) return resolve(E.left(lost))
        const settle: Settle = result => {
          clearTimeout(timer)
          waiting.delete(requestId)
          resolve(result)
        }
        const timer = setTimeout(
          () => settle(E.left(timeoutError(`no answer within ${timeout} ms`))),
          timeout,
        )
        waiting.set(requestId, settle)
        socket.write(bytes)
      })

  const closed: Task<void> = () =>
    new Promise(resolve => {
      if (socket.closed) resolve()
      else socket.once('close', () => resolve())
    })

  return {
    ask: (requestId, message) =>
      pipe(
        TE.fromIOEither(() => encode(message)),
        TE.chain(bytes => ask(requestId, bytes)),
      ),
    tell: message =>
      pipe(
        TE.fromIOEither(() => encode(message)),
        TE.chain(raw),
      ),
    raw,
    close: async () => {
      lose(socketError(`the connection to ${path} was closed by this client`))
      const timer = setTimeout(() => socket.destroy(), timeout)
      socket.end(() => socket.destroy())
      await closed()
      clearTimeout(timer)
    },
    closed,
  }
}
