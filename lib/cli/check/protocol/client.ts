import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from '../report/finding.js'
import { answered } from './answer.js'
import { frame } from './frame.js'
import { type Dialect, http, type Request } from './message.js'
import { dial, type RawConnection } from './raw-connection.js'
import type { Reply } from './reply.js'

/**
 * What a case says to a plugin that serves. Connections that it leaves open are closed when it is
 * over.
 */
export interface Talk {
  readonly path: string
  /** The dialect that the profile is about. */
  readonly dialect: Dialect
  /** How long an answer may take, in milliseconds. */
  readonly patience: number
  /** Opens a connection. */
  readonly dial: () => Promise<E.Either<Reply & { readonly _tag: 'Nothing' }, RawConnection>>
  /** One message on a connection of its own and what came to it, as today's host does it. */
  readonly ask: (message: object, patience?: number) => Promise<Reply>
  /** Asks for something and finds fault with what is no answer to it. */
  readonly serves: (request?: Request, patience?: number) => Promise<ReadonlyArray<Fault>>
  /**
   * Writes bytes on a connection of its own and leaves without reading, as today's host does with
   * `init`.
   */
  readonly tell: (bytes: Uint8Array) => Promise<void>
  readonly closeAll: () => void
}

/** A path that no plugin has a route for. */
export const nowhere = (): string => `/toru-check-${randomUUID()}`

/** Talks to the plugin behind a socket. */
export const talkTo = (path: string, dialect: Dialect, patience: number): Talk => {
  const open = new Set<RawConnection>()
  const dialed: Talk['dial'] = async () => {
    const connection = await dial(path, patience)
    if (E.isRight(connection)) open.add(connection.right)
    return connection
  }
  const closed = (connection: RawConnection): void => {
    connection.close()
    open.delete(connection)
  }
  const ask: Talk['ask'] = async (message, ms = patience) => {
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
    patience,
    dial: dialed,
    ask,
    serves: async (request, ms = patience) => {
      const id = randomUUID()
      return answered(await ask(http(dialect, id, request), ms), id)
    },
    tell: async bytes => {
      const connection = await dialed()
      if (E.isLeft(connection)) return
      await connection.right.write(bytes)
      closed(connection.right)
    },
    closeAll: () => open.forEach(closed),
  }
}

/** Opens a connection, uses it, and closes it; what is in the way of it is a fault. */
export const withConnection = async (
  talk: Talk,
  use: (connection: RawConnection) => Promise<ReadonlyArray<Fault>>,
): Promise<ReadonlyArray<Fault>> => {
  const connection = await talk.dial()
  return E.isLeft(connection)
    ? answered(connection.left, null)
    : use(connection.right).finally(connection.right.close)
}
