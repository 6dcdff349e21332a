import { once } from 'node:events'
import { type BigIntStats, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type PluginError, socketError } from '../../domain/plugin-error.js'
import { errorCode, messageOf } from '../../domain/thrown.js'
import { withPathLock } from './path-lock.js'

/** How often the name is tried when other processes take and leave it at the same moment. */
const ATTEMPTS = 10

/** What file systems without hard links say, and sandboxes that forbid them. */
const NO_LINKS = new Set(['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS'])

/**
 * Gives the socket that listens at `temporary` the name `path`, unless another process answers
 * there; both must be in one file system.
 *
 * A hard link is made, which fails where a file exists: of two plugins that want one name exactly
 * one gets it. The socket of a dead process is removed first. Yields warnings for the log; a
 * `Socket` error if the name is in use, or is not the name of a socket.
 */
export const claimName =
  (temporary: string, path: string): TaskEither<PluginError, ReadonlyArray<string>> =>
  async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const named = link(temporary, path)
      if (E.isLeft(named) || named.right !== 'occupied') return E.map(warningsOf)(named)
      const cleared = await removeStale(path)
      if (E.isLeft(cleared)) return cleared
    }
    return E.left(
      socketError(
        `${path} was taken by another process ${ATTEMPTS} times. Stop the other copies of this plugin.`,
      ),
    )
  }

type Naming = 'linked' | 'moved' | 'occupied'

const link = (temporary: string, path: string): E.Either<PluginError, Naming> => {
  try {
    linkSync(temporary, path)
    return E.right('linked')
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return E.right('occupied')
    return NO_LINKS.has(codeOf(cause)) ? move(temporary, path) : E.left(cannotMake(path, cause))
  }
}

// Second best: a process that takes the name between the check and the move would lose it.
const move = (temporary: string, path: string): E.Either<PluginError, Naming> =>
  E.tryCatch(
    () => {
      if (entryAt(path) !== undefined) return 'occupied'
      renameSync(temporary, path)
      return 'moved'
    },
    cause => cannotMake(path, cause),
  )

/** Why there is no socket at a path. */
export const cannotMake = (path: string, cause: unknown): PluginError =>
  socketError(`The socket cannot be made at ${path}: ${messageOf(cause)}.`, cause)

const warningsOf = (naming: Naming): ReadonlyArray<string> =>
  naming === 'moved'
    ? [
        'This file system has no hard links: two plugins that start at the same moment could take each other’s socket.',
      ]
    : []

const removeStale = async (path: string): Promise<E.Either<PluginError, void>> => {
  const looked = E.tryCatch(
    () => entryAt(path),
    cause => cannotMake(path, cause),
  )
  if (E.isLeft(looked)) return looked
  const found = looked.right
  if (found === undefined) return E.right(undefined)
  if (!found.isSocket()) {
    return E.left(
      socketError(
        `${path} exists and is not a socket. Remove it, or set TORU_PLUGIN_SOCKET to another path.`,
      ),
    )
  }
  const answer = await probe(path)
  if (answer === 'ENOENT') return E.right(undefined)
  if (answer !== 'ECONNREFUSED') return E.left(inUse(path, found, answer))
  const isStale = (entry: BigIntStats): boolean =>
    sameInode(entry, found) && entry.mtimeNs === found.mtimeNs
  // Without the lock, the second of two processes that find the same dead socket could remove the
  // new socket of the first.
  return E.map(() => undefined)(await withPathLock(path, () => removeIf(path, isStale)))
}

/**
 * `'connected'`, or the code of what went wrong. Only ECONNREFUSED says that nobody listens: a
 * process too busy to accept gives EAGAIN.
 */
const probe = async (path: string): Promise<string> => {
  const socket = connect({ path })
  try {
    await once(socket, 'connect')
    return 'connected'
  } catch (cause) {
    return codeOf(cause)
  } finally {
    socket.destroy()
  }
}

const inUse = (path: string, found: BigIntStats, answer: string): PluginError =>
  socketError(
    `${path} is in use: ${answer === 'connected' ? 'a process answers there' : `connecting to it gave ${answer}`} (the file belongs to user ${found.uid}). ` +
      `Stop the other copy of this plugin (\`ss -xlp | grep ${basename(path)}\` may show it), or set TORU_PLUGIN_SOCKET to another path.`,
  )

/**
 * Removes the file at a path if `isIt` says that it is the one meant; yields whether it was.
 *
 * The file is moved aside, checked again, and moved back if it is another one by now: an unlink
 * could not be undone. Yields a `Socket` error where the system forbids it.
 */
export const removeIf = (
  path: string,
  isIt: (entry: BigIntStats) => boolean,
): E.Either<PluginError, boolean> =>
  E.tryCatch(
    () => {
      const before = entryAt(path)
      if (before === undefined || !isIt(before)) return false
      const aside = join(dirname(path), `.toru-${process.pid}-${process.hrtime.bigint()}`)
      renameSync(path, aside)
      const isTheOne = isIt(lstatSync(aside, { bigint: true }))
      if (!isTheOne) putBack(aside, path)
      else unlinkSync(aside)
      return isTheOne
    },
    cause => socketError(`What is left at ${path} cannot be removed: ${messageOf(cause)}.`, cause),
  )

const putBack = (aside: string, path: string): void => {
  const named = link(aside, path)
  if (E.isRight(named) && named.right !== 'moved') unlinkSync(aside)
}

/**
 * The status of the file at a path, without following a link; `undefined` if there is none. Throws
 * what `node:fs` throws.
 */
export const entryAt = (path: string): BigIntStats | undefined =>
  lstatSync(path, { bigint: true, throwIfNoEntry: false })

/**
 * Whether two statuses are of one file. The system reuses a number once its file is gone, so one of
 * the two must still exist.
 */
export const sameInode = (a: BigIntStats, b: BigIntStats): boolean =>
  a.dev === b.dev && a.ino === b.ino

const codeOf = (cause: unknown): string => errorCode(cause) ?? messageOf(cause)
