/// <reference types="node" preserve="true" />
import type { Duplex } from 'node:stream'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { HOST_HTTP_TIMEOUT } from '../domain/host.js'
import type { Answer, HostMessage } from '../domain/message.js'
import { type PluginError, socketError } from '../domain/plugin-error.js'
import { type ClientConnection, connectionOn } from '../transport/client/client-connection.js'
import type { DialectName } from '../wire/dialect.js'
import { dialects } from '../wire/dialects.js'
import { framings } from '../wire/framing.js'
import type { InFlight } from './in-flight.js'
import type { NamedRequest } from './requests.js'

/**
 * How a test talks to its plugin: with a new connection for every message, as today's host does,
 * and the real codecs.
 */
export interface TestClient {
  /** Sends a request and waits for its answer. An abort of `signal` closes the connection. */
  readonly ask: (
    message: NamedRequest,
    signal?: AbortSignal,
  ) => Promise<Either<PluginError, Answer>>
  /** Sends a message that has no answer, and waits until the plugin has received it. */
  readonly tell: (message: HostMessage) => Promise<Either<PluginError, void>>
  /** How many requests wait for their answers. */
  readonly asking: () => number
}

/** A client that uses the connections of `connect`. */
export const testClient = (
  connect: TaskEither<PluginError, Duplex>,
  dialect: DialectName,
  inFlight: InFlight,
): TestClient => {
  let asking = 0
  const over = async <A>(
    signal: AbortSignal | undefined,
    use: (connection: ClientConnection) => Promise<Either<PluginError, A>>,
  ): Promise<Either<PluginError, A>> => {
    const stream = await connect()
    if (E.isLeft(stream)) return stream
    const connection = connectionOn(stream.right, {
      path: 'the plugin',
      dialect: dialects[dialect],
      framing: framings.frames,
      timeout: HOST_HTTP_TIMEOUT,
      onUnclaimed: () => undefined,
    })
    const leave = (): void => void stream.right.destroy(new Error('the test left'))
    signal?.addEventListener('abort', leave)
    const result = await use(connection)
    signal?.removeEventListener('abort', leave)
    await connection.close()
    return result
  }

  return {
    ask: async (message, signal) => {
      if (signal?.aborted === true) return E.left(socketError('the test left before it asked'))
      const { forget } = inFlight.sent(message)
      asking++
      const answer = await over(signal, connection => connection.ask(message.requestId, message)())
      asking--
      forget()
      return answer
    },
    tell: async message => {
      const { arrived, forget } = inFlight.sent(message)
      const told = await over(undefined, connection => connection.tell(message)())
      if (E.isLeft(told)) forget()
      await arrived
      return told
    },
    asking: () => asking,
  }
}
