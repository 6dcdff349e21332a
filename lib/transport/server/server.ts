/// <reference types="node" preserve="true" />
import type { Server, Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Connection } from './connection.js'
import { ConnectionLimiter, type ConnectionLimits, type Eviction } from './connection-limits.js'
import type { ConnectionOptions } from './connection-options.js'
import { type Listener, makeListener } from './listener.js'

/** A server for the plugin's socket, whose name `listenAt` gives it. */
export interface PluginServer {
  /**
   * Listens with a new server in the place of the one before, whose name is lost. The connections
   * of both share their limits, and `stop` ends both.
   */
  readonly listenAgain: <F, A>(listen: (server: Server) => TaskEither<F, A>) => TaskEither<F, A>
  /**
   * Takes no new connections and no new requests; done when all requests in flight are answered, or
   * after `ms` milliseconds.
   */
  readonly stop: (ms: number) => Promise<void>
}

/** What a server needs: what each of its connections does, and limits for all of them. */
export interface ServerOptions extends ConnectionOptions {
  readonly limits: ConnectionLimits
  /** Called when a connection was closed so that others are served. */
  readonly onEviction: (why: Eviction) => void
}

/** How often the time-outs of connections are looked at, in milliseconds. */
const SWEEP_EVERY = 1_000

/**
 * A connection that is accepted in one turn of the event loop is first read in the next one, and
 * `setImmediate` runs at the end of a turn.
 */
const afterReading = (f: () => void): void => void setImmediate(() => setImmediate(f))

/** Answers the connections of a listener, those that have come already and those that will. */
export const makeServer = (listener: Listener, options: ServerOptions): PluginServer => {
  const { limits, now, onEviction } = options
  const limiter = new ConnectionLimiter<Connection>(limits, now, onEviction, afterReading)
  const accept = (socket: Socket): void => {
    if (limiter.makeRoom()) limiter.add(new Connection(socket, options, limiter))
    else socket.destroy()
  }
  listener.onConnection(accept)
  // Only the last one listens; those before it may have open connections.
  const servers = [listener.server]
  const sweeper = setInterval(() => limiter.sweep(), SWEEP_EVERY)
  sweeper.unref()
  return {
    listenAgain: listen => async () => {
      const next = makeListener()
      next.onConnection(accept)
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
        for (const connection of limiter.connections) connection.destroy()
      }, ms)
      const closed = servers.map(each => new Promise(resolve => each.close(resolve)))
      for (const connection of limiter.connections) connection.finish()
      await Promise.all(closed)
      clearTimeout(timer)
    },
  }
}
