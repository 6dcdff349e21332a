import { once } from 'node:events'
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
import { type PluginError, socketError } from '../../domain/plugin-error.js'
import { cannotMake, claimName, entryAt, removeIf, sameInode } from './claim-name.js'
import { MAX_SOCKET_PATH, socketPlace } from './socket-directory.js'

/** The file under which a server can be reached. */
export interface SocketFile {
  /** The absolute path. */
  readonly path: string
  /** What the log should say about the file: one sentence each. */
  readonly warnings: ReadonlyArray<string>
  /** Whether the file at the path is still the socket of this server. */
  owned(): boolean
  /**
   * Whether there is no file at the path any more. Where neither this nor {@link owned} holds,
   * another process has taken the name.
   */
  gone(): boolean
  /** Removes the file if it is still the socket of this server. Never fails. */
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
  (server: Server, socketPath: string): TaskEither<PluginError, SocketFile> =>
  async () => {
    const place = socketPlace(socketPath)
    if (E.isLeft(place)) return place
    const { path, directory, warnings } = place.right
    const temporary = temporaryDirectory(path, directory)
    if (E.isLeft(temporary)) return temporary

    const { bindPath, socket, remove, close } = temporary.right
    const listening = await listen(server, bindPath, path)
    if (E.isLeft(listening)) {
      remove()
      close()
      return listening
    }
    server.once('close', close)
    const file = await nameSocket(server, socket, path, warnings)
    remove()
    if (E.isLeft(file)) server.close()
    return file
  }

/** A directory to bind in that no other user can enter. */
interface TemporaryDirectory {
  /** The path to bind to, and where the socket then stands. */
  readonly bindPath: string
  readonly socket: string
  /** Removes the socket's first name and the directory. */
  remove(): void
  /** Closes the directory's descriptor, once nothing uses `bindPath` any more. */
  close(): void
}

const temporaryDirectory = (
  path: string,
  parent: string,
): E.Either<PluginError, TemporaryDirectory> =>
  E.tryCatch(
    () => {
      const directory = mkdtempSync(join(parent, '.toru-'))
      const short = shortPath(directory)
      // Tools such as `ss` show the path that was bound: let it end like the name people know.
      const name = fits(join(short.path, basename(path))) ? basename(path) : 's'
      const socket = join(directory, name)
      return {
        bindPath: join(short.path, name),
        socket,
        remove: () => {
          ignoreErrors(() => unlinkSync(socket))
          ignoreErrors(() => rmdirSync(directory))
        },
        close: short.close,
      }
    },
    cause => cannotMake(path, cause),
  )

/**
 * A short path to a directory: through its open descriptor, so that the name in it may be as long
 * as the final one. The descriptor stays open as long as the server: libuv unlinks the path it has
 * bound, and this one can then never mean anything but the removed directory.
 */
const shortPath = (directory: string): { readonly path: string; close(): void } => {
  const opened = E.tryCatch(
    () => openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY),
    () => undefined,
  )
  if (E.isLeft(opened)) return { path: directory, close: () => undefined }
  const close = (): void => ignoreErrors(() => closeSync(opened.right))
  const path = `/proc/self/fd/${opened.right}`
  if (existsSync(path)) return { path, close }
  close()
  return { path: directory, close: () => undefined }
}

const fits = (path: string): boolean => Buffer.byteLength(path) <= MAX_SOCKET_PATH

const listen = async (
  server: Server,
  bindPath: string,
  path: string,
): Promise<E.Either<PluginError, void>> => {
  if (!fits(bindPath)) {
    const over = Buffer.byteLength(bindPath) - MAX_SOCKET_PATH
    const reason = `The path of the socket is ${over} bytes too long without /proc: ${path}.`
    return E.left(socketError(`${reason} Set TORU_PLUGIN_SOCKET to a shorter one.`))
  }
  try {
    server.listen({ path: bindPath })
    await once(server, 'listening')
    return E.right(undefined)
  } catch (cause) {
    return E.left(cannotMake(path, cause))
  }
}

const nameSocket = async (
  server: Server,
  socket: string,
  path: string,
  warnings: ReadonlyArray<string>,
): Promise<E.Either<PluginError, SocketFile>> => {
  const made = E.tryCatch(
    () => {
      chmodSync(socket, 0o600)
      return entryAt(socket)
    },
    cause => cannotMake(path, cause),
  )
  if (E.isLeft(made)) return made
  const ours = made.right
  if (ours === undefined) return E.left(cannotMake(path, 'it was removed while it was made'))
  const claimed = await claimName(socket, path)()
  if (E.isLeft(claimed)) return claimed

  // While the server listens its inode number is not reused. Afterwards it may be, and the time
  // tells the two files apart.
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

// What is removed here is ours alone; where that fails there is nothing better to do.
const ignoreErrors = (run: () => void): void => {
  E.tryCatch(run, () => undefined)
}
