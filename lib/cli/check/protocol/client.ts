import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from '../report/finding.js'
import { answerFaults } from './answer.js'
import { frame } from './frame.js'
import { type Dialect, http, type Request } from './message.js'
import { dial, type RawConnection } from './raw-connection.js'
import type { Reply } from './reply.js'

/** A client of a plugin that serves. What it leaves open is closed when the case is over. */
export interface Client {
  readonly path: string
  /** The dialect of the profile. */
  readonly dialect: Dialect
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number
  /** Opens a connection. */
  readonly dial: () => Promise<E.Either<Reply & { readonly _tag: 'Nothing' }, RawConnection>>
  /** Sends a message on a connection of its own, as today's host does, and yields the reply. */
  readonly ask: (message: object, timeout?: number) => Promise<Reply>
  /** Sends an HTTP request. Faults where the reply is no answer to it. */
  readonly expectAnswer: (request?: Request, timeout?: number) => Promise<ReadonlyArray<Fault>>
  /** Writes bytes and closes without reading, as today's host does with `init`. */
  readonly sendAndClose: (bytes: Uint8Array) => Promise<void>
  readonly closeAll: () => void
}

/** A path that no plugin has a route for. */
export const unknownPath = (): string => `/toru-check-${randomUUID()}`

/** A client of the plugin that listens at a path. */
export const clientAt = (path: string, dialect: Dialect, timeout: number): Client => {
  const open = new Set<RawConnection>()
  const dialed: Client['dial'] = async () => {
    const connection = await dial(path, timeout)
    if (E.isRight(connection)) open.add(connection.right)
    return connection
  }
  const closed = (connection: RawConnection): void => {
    connection.close()
    open.delete(connection)
  }
  const ask: Client['ask'] = async (message, ms = timeout) => {
    const connection = await dialed()
    if (E.isLeft(connection)) return connection.left
    void connection.right.write(frame(message))
    const reply = await connection.right.next(ms)
    closed(connection.right)
    return reply
  }
  return {
    path,
    dialect,
    timeout,
    dial: dialed,
    ask,
    expectAnswer: async (request, ms = timeout) => {
      const id = randomUUID()
      return answerFaults(await ask(http(dialect, id, request), ms), id)
    },
    sendAndClose: async bytes => {
      const connection = await dialed()
      if (E.isLeft(connection)) return
      await connection.right.write(bytes)
      closed(connection.right)
    },
    closeAll: () => open.forEach(closed),
  }
}

/** Opens a connection, uses it, and closes it. That it cannot be opened is a fault. */
export const withConnection = async (
  client: Client,
  use: (connection: RawConnection) => Promise<ReadonlyArray<Fault>>,
): Promise<ReadonlyArray<Fault>> => {
  const connection = await client.dial()
  return E.isLeft(connection)
    ? answerFaults(connection.left, null)
    : use(connection.right).finally(connection.right.close)
}
