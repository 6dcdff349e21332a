/// <reference types="node" preserve="true" />
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Answer, HostMessage } from '../../domain/message.js'
import { type PluginError, socketError, timeoutError } from '../../domain/plugin-error.js'
import type { Dialect, Reply } from '../../wire/dialect.js'
import type { Framing } from '../../wire/framing.js'
import { type Taken, takeMessages } from '../../wire/message-decoder.js'
import { parseMessage } from '../../wire/parse-message.js'
import { toProtocolError, type WireError } from '../../wire/wire-error.js'
import { MAX_SOCKET_PATH } from '../socket-file/socket-directory.js'

/** What a connection needs to know. */
export interface ClientConnectionOptions {
  /** Where the plugin listens; over a stream of another kind only what errors call it. */
  readonly path: string
  readonly dialect: Dialect
  readonly framing: Framing
  /** Milliseconds for connecting, and for every request and every write. */
  readonly timeout: number
  /** Gets the answers that nobody waits for. */
  readonly onUnclaimed: (reply: Reply) => void
}

/** One connection to a plugin, on which any number of requests may be under way. */
export interface ClientConnection {
  /** Writes a message and waits for the answer that carries `requestId`. */
  readonly ask: (requestId: string, message: HostMessage) => TaskEither<PluginError, Answer>
  /** Writes a message to which there is no answer. */
  readonly tell: (message: HostMessage) => TaskEither<PluginError, void>
  /** Writes bytes as they are. */
  readonly raw: (bytes: Uint8Array) => TaskEither<PluginError, void>
  /** Closes the connection behind what was written. */
  readonly close: Task<void>
  /** Waits until the connection is over, whoever ended it. */
  readonly closed: Task<void>
}

/**
 * Connects to the socket of a plugin. `Socket` where nobody listens there, `Timeout` where nobody
 * accepts in time.
 */
export const openConnection =
  (options: ClientConnectionOptions): TaskEither<PluginError, ClientConnection> =>
  () =>
    new Promise(resolve => {
      const { path, timeout } = options
      const length = Buffer.byteLength(path)
      if (length === 0 || length > MAX_SOCKET_PATH) {
        return resolve(
          E.left(
            socketError(
              `cannot connect: the path of a socket has 1 to ${MAX_SOCKET_PATH} bytes, not ${length}: ${path}`,
            ),
          ),
        )
      }
      const socket = connect({ path })
      const refuse = (error: PluginError): void => {
        clearTimeout(timer)
        socket.destroy()
        resolve(E.left(error))
      }
      const timer = setTimeout(
        () => refuse(timeoutError(`cannot connect to ${path} within ${timeout} ms`)),
        timeout,
      )
      socket.on('error', cause =>
        refuse(socketError(`cannot connect to ${path}: ${cause.message}`, cause)),
      )
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(E.right(connectionOn(socket, options)))
      })
    })

type Settle = (result: Either<PluginError, Answer>) => void

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

  const lose = (reason: PluginError): void => {
    lost ??= reason
    const settles = [...waiting.values()]
    waiting.clear()
    for (const settle of settles) settle(E.left(lost))
  }
  const take = (next: () => Taken): void => {
    const taken = takeMessages(next, bytes =>
      pipe(parseMessage(bytes), E.chain(dialect.decodeAnswer), E.map(deliver)),
    )
    if (E.isLeft(taken)) drop(taken.left)
  }
  const drop = (error: WireError): void => {
    // An end within a message is what a plugin that died leaves behind: the connection was lost,
    // nobody broke the protocol.
    lose(
      error._tag === 'FrameCut'
        ? socketError(`the connection to ${path} was lost: ${error.message}`, error)
        : toProtocolError(error),
    )
    socket.destroy()
  }
  const deliver = (reply: Reply): void => {
    const settle = typeof reply.requestId === 'string' ? waiting.get(reply.requestId) : undefined
    if (settle === undefined) onUnclaimed(reply)
    else settle(E.right(reply.answer))
  }

  socket.on('data', (chunk: Buffer) => {
    decoder.append(chunk)
    take(() => decoder.take())
  })
  socket.on('end', () => take(() => decoder.end()))
  socket.on('error', cause =>
    lose(socketError(`the connection to ${path} was lost: ${cause.message}`, cause)),
  )
  socket.on('close', () => lose(socketError(`the connection to ${path} was closed by the plugin`)))

  const encode = (message: HostMessage): Either<PluginError, Buffer> =>
    E.mapLeft(toProtocolError)(
      framing.encode(dialect.encodeMessage(message, new Date().toISOString())),
    )

  const raw =
    (bytes: Uint8Array): TaskEither<PluginError, void> =>
    () =>
      new Promise(resolve => {
        if (lost !== undefined) return resolve(E.left(lost))
        const timer = setTimeout(
          () => resolve(E.left(timeoutError(`the plugin did not read within ${timeout} ms`))),
          timeout,
        )
        socket.write(bytes, cause => {
          clearTimeout(timer)
          resolve(
            cause
              ? E.left(
                  lost ??
                    socketError(`the connection to ${path} was lost: ${cause.message}`, cause),
                )
              : E.right(undefined),
          )
        })
      })

  const closed: Task<void> = () =>
    new Promise(resolve => {
      if (socket.closed) resolve()
      else socket.once('close', () => resolve())
    })

  return {
    ask: (requestId, message) => () =>
      new Promise(resolve => {
        const bytes = encode(message)
        if (E.isLeft(bytes)) return resolve(bytes)
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
        socket.write(bytes.right)
      }),
    tell: message => async () => {
      const bytes = encode(message)
      return E.isLeft(bytes) ? bytes : raw(bytes.right)()
    },
    raw,
    close: async () => {
      lose(socketError(`the connection to ${path} was closed by this client`))
      const impatience = setTimeout(() => socket.destroy(), timeout)
      socket.end(() => socket.destroy())
      await closed()
      clearTimeout(impatience)
    },
    closed,
  }
}
