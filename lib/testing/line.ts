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

/** The way from a test to its plugin. */
export interface Line {
  /** A new connection, as the host opens one for every request. */
  readonly connect: TaskEither<PluginError, Duplex>
  /** The path of the socket; left where there is none. */
  readonly path: TaskEither<PluginError, string>
  /** Takes no new requests; done when those that run are answered, or after `ms` milliseconds. */
  readonly stop: (ms: number) => Promise<void>
  /** Removes what is in the file system. */
  readonly remove: () => void
}

const CLOSED = socketError('the plugin is closed')

/** A line in memory: pairs of streams, with the connections of the real server at one end. */
export const memoryLine = (
  place: Omit<ConnectionOptions, 'onBufferedChange' | 'onClose'>,
): Line => {
  const open = new Map<Connection, Promise<void>>()
  let stopped = false
  const joined = (): Duplex => {
    const [near, far] = duplexPair()
    const connection = new Connection(far, {
      ...place,
      onBufferedChange: () => undefined,
      onClose: () => undefined,
    })
    // One end that is destroyed does not tell the other by itself.
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

/** A line over a Unix socket in a new folder, which is there from the first connection on. */
export const socketLine = (place: ServerOptions): Line => {
  const listener = makeListener()
  const server = makeServer(listener, place)
  // A test that forgets to close its plugin ends all the same.
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
