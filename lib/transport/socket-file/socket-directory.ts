import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { maxSocketPath } from '../../domain/host.js'
import { type PluginError, socketError } from '../../domain/plugin-error.js'
import { messageOf } from '../../domain/thrown.js'

/**
 * The most bytes of UTF-8 in the path of a Unix socket on this system: Node.js truncates a longer
 * one silently (docs/protocol.md#limits).
 */
export const MAX_SOCKET_PATH = maxSocketPath(process.platform)

/** Where a socket can be made. */
export interface SocketPlace {
  /** The absolute path. */
  readonly path: string
  /** The directory of that path: it exists, and no other user can replace a socket in it. */
  readonly directory: string
  /** What is not wrong enough to refuse: one sentence each, for the log. */
  readonly warnings: ReadonlyArray<string>
}

/**
 * Checks the path of a socket; a relative one starts at the working directory. Makes the
 * directories that are missing, for this user only (0700).
 *
 * Yields a `Socket` error for a path that is empty or too long, and for a directory in which
 * another user could replace the socket.
 */
export const socketPlace = (path: string): E.Either<PluginError, SocketPlace> =>
  pipe(
    checkedPath(path),
    E.chain(absolute =>
      pipe(
        preparedDirectory(dirname(absolute)),
        E.map(warnings => ({ path: absolute, directory: dirname(absolute), warnings })),
      ),
    ),
  )

const checkedPath = (path: string): E.Either<PluginError, string> => {
  if (path === '')
    return E.left(
      socketError('The path of the socket is empty. Set TORU_PLUGIN_SOCKET to an absolute path.'),
    )
  if (path.includes('\0'))
    return E.left(
      socketError(`The path of the socket holds a NUL character: ${JSON.stringify(path)}.`),
    )
  const absolute = resolve(path)
  const bytes = Buffer.byteLength(absolute)
  if (bytes <= MAX_SOCKET_PATH) return E.right(absolute)
  return E.left(
    socketError(
      `The path of the socket is ${bytes} bytes long, and a Unix socket takes at most ${MAX_SOCKET_PATH}: ${absolute}. Set TORU_PLUGIN_SOCKET to a shorter one.`,
    ),
  )
}

const preparedDirectory = (directory: string): E.Either<PluginError, ReadonlyArray<string>> =>
  pipe(
    E.tryCatch(
      () => {
        if (statSync(directory, { throwIfNoEntry: false }) === undefined)
          mkdirSync(directory, { recursive: true, mode: 0o700 })
        return { name: lstatSync(directory), target: statSync(directory) }
      },
      cause => unusable(directory, messageOf(cause), cause),
    ),
    E.filterOrElse(
      ({ target }) => target.isDirectory(),
      () => unusable(directory, 'it is not a directory'),
    ),
    E.chain(({ name, target }) =>
      judgeDirectory(directory, name, target, process.geteuid?.() ?? target.uid),
    ),
  )

const unusable = (directory: string, reason: string, cause?: unknown): PluginError =>
  socketError(`The directory ${directory} for the socket cannot be used: ${reason}.`, cause)

/** The part of a file's status that says who may change it. */
export type Ownership = Pick<Stats, 'uid' | 'mode'>

const GROUP_WRITABLE = 0o020
const WORLD_WRITABLE = 0o002
const STICKY = 0o1000
const FILE_TYPE = 0o170000
const SYMBOLIC_LINK = 0o120000

/**
 * Whether a socket is safe in a directory: the warnings if it is, a `Socket` error with the reason
 * and what to do if it is not.
 *
 * `name` is the status of the directory's path, which may be a symbolic link, `target` that of the
 * directory itself, `us` the user id of this process. Root is trusted, and so is the sticky bit: as
 * in `/tmp`, it keeps users from removing the files of others.
 */
export const judgeDirectory = (
  directory: string,
  name: Ownership,
  target: Ownership,
  us: number,
): E.Either<PluginError, ReadonlyArray<string>> => {
  const trusted = (uid: number): boolean => uid === us || uid === 0
  const refuse = (reason: string, remedy: string): E.Either<PluginError, never> =>
    E.left(
      socketError(
        `No socket is made in ${directory}: ${reason} ${remedy}, or set TORU_PLUGIN_SOCKET to a path elsewhere.`,
      ),
    )

  if (!trusted(name.uid)) {
    const it = (name.mode & FILE_TYPE) === SYMBOLIC_LINK ? 'the link' : 'it'
    return refuse(
      `${it} belongs to user ${name.uid}, who could put another socket in its place.`,
      `Run \`sudo chown --no-dereference ${us} ${directory}\``,
    )
  }
  if (!trusted(target.uid)) {
    return refuse(
      `it belongs to user ${target.uid}, who could put another socket in its place.`,
      `Run \`sudo chown ${us} ${directory}\``,
    )
  }
  if ((target.mode & STICKY) !== 0) return E.right([])
  if ((target.mode & WORLD_WRITABLE) !== 0) {
    return refuse('every user of this machine may write to it.', `Run \`chmod o-w ${directory}\``)
  }
  return E.right(
    (target.mode & GROUP_WRITABLE) === 0
      ? []
      : [
          `The directory ${directory} of the socket may be written to by its group, whose members could replace the socket. Run \`chmod g-w ${directory}\`.`,
        ],
  )
}
