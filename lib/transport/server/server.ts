/// <reference types="node" preserve="true" />
import type { Server, Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Connection } from './connection.js'
import { ConnectionLimiter, type ConnectionLimits, type Eviction } from './connection-limits.js'
import type { ConnectionOptions, ServerConnection } from './connection-options.js'
import { type Listener, makeListener } from './listener.js'

/** A server for the plugin's socket, whose name `listenAt` gives it. */
export interface PluginServer {
  /**
   * Listens once more, with a server in the place of the one before, whose name is lost. The
   * connections of both share their limits, and `stop` ends both.
   */
  readonly listenAgain: <F, A>(listen: (server: Server) => TaskEither<F, A>) => TaskEither<F, A>
  /**
   * Takes no new connections and no new requests; done when everything that ran has been answered,
   * or after `ms` milliseconds.
   */
  readonly stop: (ms: number) => Promise<void>
}

/** What a server needs from around it. */
export interface ServerOptions extends Omit<ConnectionOptions, 'onBufferedChange' | 'onClose'> {
  readonly limits: ConnectionLimits
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
 * Answers whoever comes to a listener, and who has come already. The connections all share the same
 * options.
 */
export const makeServer = (
  listener: Listener,
  { limits, onEviction, ...options }: ServerOptions,
): PluginServer => {
  const limiter = new ConnectionLimiter<ServerConnection>(
    limits,
    options.now,
    onEviction,
    afterReading,
  )
  const connectionOptions: ConnectionOptions = {
    ...options,
    onBufferedChange: change => limiter.onBufferedChange(change),
    onClose: connection => limiter.remove(connection),
  }
  const accept = (socket: Socket): void => {
    if (!limiter.makeRoom()) {
      socket.destroy()
      return
    }
    limiter.add(new Connection(socket, connectionOptions))
  }
  listener.open(accept)
  // The last one listens; those before have connections still.
  const servers = [listener.server]
  const sweeper = setInterval(() => limiter.sweep(), SWEEP_EVERY)
  sweeper.unref()
  return {
    listenAgain: listen => async () => {
      const next = makeListener()
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
        for (const connection of limiter.members) connection.destroy()
      }, ms)
      const closed = servers.map(each => new Promise(resolve => each.close(resolve)))
      for (const connection of limiter.members) connection.finish()
      await Promise.all(closed)
      clearTimeout(timer)
    },
  }
}
