/// <reference types="node" preserve="true" />
import type { Server, Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Connection } from './connection.js'
import { Crowd, type CrowdLimits, type Eviction } from './connection-limits.js'
import type { ConnectionPlace, Guest } from './connection-options.js'
import { makeReception, type Reception } from './listener.js'

/** A server for the plugin's socket, whose name `listenAt` gives it. */
export interface PluginServer {
  /**
   * Listens once more, with a server in the place of the one before, whose name is lost. The
   * connections of both are one crowd, and `stop` ends both.
   */
  readonly listenAgain: <F, A>(listen: (server: Server) => TaskEither<F, A>) => TaskEither<F, A>
  /**
   * Takes no new connections and no new requests; done when everything that ran has been answered,
   * or after `ms` milliseconds.
   */
  readonly stop: (ms: number) => Promise<void>
}

/** What a server needs from around it. */
export interface ServerPlace extends Omit<ConnectionPlace, 'weigh' | 'gone'> {
  readonly limits: CrowdLimits
  /** Told when a connection had to go so that others are served. */
  readonly onEviction: (why: Eviction) => void
}

/** How often connections are looked at that keep the server waiting, in milliseconds. */
const SWEEP_EVERY = 1_000

/**
 * A connection that is accepted in one turn of the event loop is first read in the next one, and
 * `setImmediate` runs at the end of a turn.
 */
const afterReading = (f: () => void): void => void setImmediate(() => setImmediate(f))

/**
 * Answers whoever comes to a reception, and who has come already. The connections all share one
 * place.
 */
export const makeServer = (
  reception: Reception,
  { limits, onEviction, ...place }: ServerPlace,
): PluginServer => {
  const crowd = new Crowd<Guest>(limits, place.now, onEviction, afterReading)
  const connectionPlace: ConnectionPlace = {
    ...place,
    weigh: change => crowd.weigh(change),
    gone: connection => crowd.remove(connection),
  }
  const accept = (socket: Socket): void => {
    if (!crowd.makeRoom()) {
      socket.destroy()
      return
    }
    crowd.add(new Connection(socket, connectionPlace))
  }
  reception.open(accept)
  // The last one listens; those before have connections still.
  const servers = [reception.server]
  const sweeper = setInterval(() => crowd.sweep(), SWEEP_EVERY)
  sweeper.unref()
  return {
    listenAgain: listen => async () => {
      const next = makeReception()
      next.open(accept)
      const listening = await listen(next.server)()
      if (E.isRight(listening)) {
        servers.at(-1)?.close()
        servers.push(next.server)
      }
      return listening
    },
    stop: async ms => {
      clearInterval(sweeper)
      const timer = setTimeout(() => {
        for (const connection of crowd.members) connection.destroy()
      }, ms)
      const closed = servers.map(each => new Promise(resolve => each.close(resolve)))
      for (const connection of crowd.members) connection.finish()
      await Promise.all(closed)
      clearTimeout(timer)
    },
  }
}
