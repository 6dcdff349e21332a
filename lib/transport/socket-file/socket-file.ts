import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs'
import type { Server } from 'node:net'
import { basename, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { messageOf, type PluginError, socketError } from '../../domain/plugin-error.js'
import { claimName, entryAt, removeIf, sameInode } from './claim-name.js'
import { MAX_SOCKET_PATH, socketPlace } from './socket-directory.js'

/** The name under which a server can be reached. */
export interface SocketFile {
  /** The absolute path. */
  readonly path: string
  /** What the log should say about how the socket stands there: one sentence each. */
  readonly warnings: ReadonlyArray<string>
  /** Whether the file at the path is still the socket of this server. */
  owned(): boolean
  /**
   * Whether nothing stands at the path any more. Where neither this nor {@link owned} holds,
   * another process has taken the name.
   */
  gone(): boolean
  /**
   * Removes the name, if it is still the socket of this server; a successor's stays. Never fails.
   */
  remove(): void
}

/**
 * Makes a server listen at a path, with a socket that only this user may connect to (0600 from its
 * first moment) and whose name appears once connections are accepted: the host waits for the name
 * alone (docs/protocol.md#process-contract).
 *
 * The server binds inside a directory of its own, gets its name by a hard link, and the directory
 * is removed again; a process killed in between leaves an empty `.toru-…` directory. Missing
 * directories of the path are made (0700), and the socket of a dead process is replaced.
 *
 * Yields a `Socket` error, with the server closed, if the path is too long, its directory is not
 * safe, another process answers there, what is there is no socket, or the system refuses. Closing
 * the server does not remove the name: {@link SocketFile.remove} does.
 */
export const listenAt =
  (server: Server, path: string): TaskEither<PluginError, SocketFile> =>
  async () => {
    const place = socketPlace(path)
    if (E.isLeft(place)) return place
    const hidden = hide(place.right.path, place.right.directory)
    if (E.isLeft(hidden)) return hidden

    const { bindPath, socket, discard, forget } = hidden.right
    const listening = await listen(server, bindPath, place.right.path)
    if (E.isLeft(listening)) {
      discard()
      forget()
      return listening
    }
    server.once('close', forget)
    const file = await named(server, socket, place.right.path, place.right.warnings)
    discard()
    if (E.isLeft(file)) server.close()
    return file
  }

/** A place to bind at that no other user can enter. */
interface HiddenPlace {
  /** What to bind to. */
  readonly bindPath: string
  /** Where the socket then stands. */
  readonly socket: string
  /** Removes the socket's first name and the directory. */
  discard(): void
  /** Gives up the directory's descriptor, once nothing uses `bindPath` any more. */
  forget(): void
}

const hide = (path: string, parent: string): E.Either<PluginError, HiddenPlace> =>
  E.tryCatch(
    () => {
      const directory = mkdtempSync(join(parent, '.toru-'))
      const view = viewOf(directory)
      // Tools such as `ss` show the path that was bound: let it end like the name people know.
      const name = fits(join(view.path, basename(path))) ? basename(path) : 's'
      const socket = join(directory, name)
      return {
        bindPath: join(view.path, name),
        socket,
        discard: () => {
          quietly(() => unlinkSync(socket))
          quietly(() => rmdirSync(directory))
        },
        forget: view.close,
      }
    },
    cause => unlistened(path, cause),
  )

/**
 * A short path to a directory: through its open descriptor, so that the name in it may be as long
 * as the final one. The descriptor stays open as long as the server: libuv unlinks the path it has
 * bound, and this one can then never mean anything but the removed directory.
 */
const viewOf = (directory: string): { readonly path: string; close(): void } => {
  const opened = E.tryCatch(
    () => openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY),
    () => undefined,
  )
  if (E.isLeft(opened)) return { path: directory, close: () => undefined }
  const close = (): void => quietly(() => closeSync(opened.right))
  const path = `/proc/self/fd/${opened.right}`
  if (existsSync(path)) return { path, close }
  close()
  return { path: directory, close: () => undefined }
}

const fits = (path: string): boolean => Buffer.byteLength(path) <= MAX_SOCKET_PATH

const listen = (
  server: Server,
  bindPath: string,
  path: string,
): Promise<E.Either<PluginError, void>> =>
  new Promise(resolve => {
    if (!fits(bindPath)) {
      const over = Buffer.byteLength(bindPath) - MAX_SOCKET_PATH
      resolve(
        E.left(
          socketError(
            `The path of the socket is ${over} bytes too long without /proc: ${path}. Set TORU_PLUGIN_SOCKET to a shorter one.`,
          ),
        ),
      )
      return
    }
    const failed = (cause: unknown): void => {
      server.off('error', failed)
      server.off('listening', ready)
      resolve(E.left(unlistened(path, cause)))
    }
    const ready = (): void => {
      server.off('error', failed)
      resolve(E.right(undefined))
    }
    server.once('error', failed)
    server.once('listening', ready)
    try {
      server.listen({ path: bindPath })
    } catch (cause) {
      failed(cause)
    }
  })

const named = async (
  server: Server,
  socket: string,
  path: string,
  warnings: ReadonlyArray<string>,
): Promise<E.Either<PluginError, SocketFile>> => {
  const born = E.tryCatch(
    () => {
      chmodSync(socket, 0o600)
      return entryAt(socket)
    },
    cause => unlistened(path, cause),
  )
  if (E.isLeft(born)) return born
  const ours = born.right
  if (ours === undefined) return E.left(unlistened(path, 'it was removed while it was made'))
  const claimed = await claimName(socket, path)()
  if (E.isLeft(claimed)) return claimed

  // As long as the server listens, its inode number is used for nothing else. Afterwards it may be,
  // and the time tells the two apart.
  const isOurs: Parameters<typeof removeIf>[1] = entry =>
    sameInode(entry, ours) && (server.listening || entry.mtimeNs === ours.mtimeNs)
  const look = E.tryCatchK(
    () => entryAt(path),
    cause => cause,
  )
  return E.right({
    path,
    warnings: [...warnings, ...claimed.right],
    owned: () =>
      E.exists<ReturnType<typeof entryAt>>(entry => entry !== undefined && isOurs(entry))(look()),
    gone: () => E.exists(entry => entry === undefined)(look()),
    remove: () => void removeIf(path, isOurs),
  })
}

const unlistened = (path: string, cause: unknown): PluginError =>
  socketError(`The socket cannot be made at ${path}: ${messageOf(cause)}.`, cause)

// What is cleared away here is ours alone; where that fails there is nothing better to do.
const quietly = (run: () => void): void => {
  E.tryCatch(run, () => undefined)
}
