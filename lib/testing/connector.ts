/// <reference types="node" preserve="true" />
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type PluginError, socketError, toPluginError } from '../domain/plugin-error.js'
import { Connection } from '../transport/server/connection.js'
import type { ConnectionOptions } from '../transport/server/connection-options.js'
import { makeListener } from '../transport/server/listener.js'
import { makeServer, type ServerOptions } from '../transport/server/server.js'
import { listenAt, type SocketFile } from '../transport/socket-file/socket-file.js'

/** How a test connects to its plugin. */
export interface Connector {
  /** Makes a new connection, as the host does for every request. */
  readonly connect: TaskEither<PluginError, Duplex>
  /** The path of the socket; left if there is none. */
  readonly path: TaskEither<PluginError, string>
  /**
   * Takes no new requests. Resolves when the running ones are answered, or after `ms` milliseconds.
   */
  readonly stop: (ms: number) => Promise<void>
  /** Removes the folder of the socket. */
  readonly remove: () => void
}

const CLOSED = socketError('the plugin is closed')

/** Connects in memory: pairs of streams, with a connection of the real server at one end. */
export const memoryConnector = (place: ConnectionOptions): Connector => {
  const open = new Map<Connection, Promise<void>>()
  let stopped = false
  const joined = (): Duplex => {
    const [near, far] = duplexPair()
    const connection = new Connection(far, place)
    // The end of one stream does not end the other.
    near.once('close', () => far.destroy())
    const closed = new Promise<void>(resolve => {
      far.once('close', () => {
        near.destroy()
        open.delete(connection)
        resolve()
      })
    })
    open.set(connection, closed)
    return near
  }
  return {
    connect: async () => (stopped ? E.left(CLOSED) : E.right(joined())),
    path: TE.left(
      socketError('this plugin has no socket: make it with testPlugin(…, { socket: true })'),
    ),
    stop: async ms => {
      stopped = true
      const timer = setTimeout(() => {
        for (const connection of open.keys()) connection.destroy()
      }, ms)
      for (const connection of open.keys()) connection.finish()
      await Promise.all(open.values())
      clearTimeout(timer)
    },
    remove: () => undefined,
  }
}

/** Connects through a Unix socket in a new folder, which is made for the first connection. */
export const socketConnector = (place: ServerOptions): Connector => {
  const listener = makeListener()
  const server = makeServer(listener, place)
  // A test that does not close its plugin ends nevertheless.
  listener.server.unref()
  let folder: string | undefined
  let listening: Promise<Either<PluginError, SocketFile>> | undefined
  let stopped = false
  const listen: TaskEither<PluginError, SocketFile> = async () => {
    const made = E.tryCatch(
      () => mkdtempSync(join(realpathSync(tmpdir()), 'toru-test-')),
      toPluginError,
    )
    if (E.isLeft(made)) return made
    folder = made.right
    return listenAt(listener.server, join(folder, 'plugin.sock'))()
  }
  const path: TaskEither<PluginError, string> = async () => {
    if (stopped) return E.left(CLOSED)
    listening ??= listen()
    return E.map((file: SocketFile) => file.path)(await listening)
  }
  return {
    connect: TE.chain(connected)(path),
    path,
    stop: async ms => {
      stopped = true
      await listening
      await server.stop(ms)
    },
    remove: () => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

const connected =
  (path: string): TaskEither<PluginError, Duplex> =>
  () =>
    new Promise(resolve => {
      const socket = connect({ path })
      const failed = (cause: Error): void =>
        resolve(E.left(socketError(`cannot connect to ${path}: ${cause.message}`, cause)))
      socket.once('error', failed)
      socket.once('connect', () => {
        socket.off('error', failed)
        resolve(E.right(socket))
      })
    })
