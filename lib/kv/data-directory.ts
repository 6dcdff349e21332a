import { accessSync, constants, lstatSync, type Stats, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ID_PATTERN } from '../domain/host.js'
import { ioError, type PluginError } from '../domain/plugin-error.js'
import { messageOf } from '../domain/thrown.js'
import { exists, makeDirectory } from './directory.js'

/** The directory in which plugins have always kept their files. */
export const SYSTEM_DATA = '/var/lib/toru-plugins'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The directories that can hold the data of all plugins, the best one first: only `TORU_DATA_DIR`
 * if it is set, otherwise the system's and then the user's own.
 */
export const dataPlaces = (
  env: Environment,
  home: string | undefined,
  system: string = SYSTEM_DATA,
): ReadonlyArray<string> => {
  if (env.TORU_DATA_DIR) return [resolve(env.TORU_DATA_DIR)]
  const state = env.XDG_STATE_HOME
  // The XDG specification says to ignore a relative path.
  if (state !== undefined && isAbsolute(state)) return [system, join(state, 'toru-plugins')]
  return home === undefined ? [system] : [system, join(home, '.local', 'state', 'toru-plugins')]
}

/**
 * The directory for a plugin's own files. It exists afterwards, for this user only (0700).
 *
 * It is `<place>/<plugin id>` in the first of {@link dataPlaces} that already has such a directory,
 * so that a plugin finds its data again whatever becomes writable later; otherwise in the first
 * that is writable. An `Io` error says which directory cannot be created or is not safe: it belongs
 * to a user other than this one and root, or every user may write to it (a place may have the
 * sticky bit, like `/tmp`).
 */
export const dataDirectory = (
  pluginId: string,
  env: Environment,
  system: string = SYSTEM_DATA,
): Either<PluginError, string> => {
  if (!ID_PATTERN.test(pluginId))
    return E.left(
      ioError(`${JSON.stringify(pluginId)} is not a plugin id, so it has no data directory.`),
    )
  const places = dataPlaces(env, home(), system)
  const place =
    places.find(candidate => exists(join(candidate, pluginId))) ??
    places.find(canWrite) ??
    places.at(-1) ??
    system
  const directory = join(place, pluginId)
  return pipe(
    // Other users have plugins in the system's place, too.
    make(place, place === system ? 0o755 : 0o700),
    E.chain(() => safe(place, true)),
    E.chain(() => make(directory, 0o700)),
    E.chain(() => safe(directory, false)),
  )
}

/** None for a user without an entry in the user database, such as that of some services. */
const home = (): string | undefined => {
  try {
    return homedir()
  } catch {
    return undefined
  }
}

/** What to do about a directory that cannot be used. */
export const DIRECTORY_HINT = 'Set TORU_DATA_DIR to a directory of your own.'

/** Whether a directory is writable or, if it is missing, can be created. */
const canWrite = (path: string): boolean => {
  if (!exists(path)) return dirname(path) !== path && canWrite(dirname(path))
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

const make = (path: string, mode: number): Either<PluginError, void> =>
  pipe(
    makeDirectory(path, mode),
    E.mapLeft(cause =>
      ioError(
        `The directory ${path} for the data of plugins cannot be created ` +
          `(${messageOf(cause)}). ${DIRECTORY_HINT}`,
        cause,
      ),
    ),
  )

const safe = (path: string, isPlace: boolean): Either<PluginError, string> =>
  pipe(
    E.tryCatch(
      () => ({ name: lstatSync(path), target: statSync(path) }),
      cause =>
        ioError(
          `The directory ${path} for the data of plugins cannot be used ` +
            `(${messageOf(cause)}). ${DIRECTORY_HINT}`,
          cause,
        ),
    ),
    E.chain(({ name, target }) => judgeDataDirectory(path, isPlace, name, target)),
  )

const WORLD_WRITABLE = 0o002
const STICKY = 0o1000

/**
 * Whether data is safe in a directory, which is a plugin's own or (`isPlace`) that of all plugins.
 * Yields the path, or an `Io` error with the reason and what to do. `name` is the status of the
 * path itself, `target` that of the directory: a symbolic link has an owner, too, who could replace
 * it.
 */
export const judgeDataDirectory = (
  path: string,
  isPlace: boolean,
  name: Stats,
  target: Stats,
): Either<PluginError, string> => {
  const us = process.geteuid?.() ?? target.uid
  const otherOwner = [name.uid, target.uid].find(uid => uid !== us && uid !== 0)
  const refuse = (reason: string, fix: string): Either<PluginError, never> =>
    E.left(ioError(`No data is kept in ${path}: ${reason} ${fix} ${DIRECTORY_HINT}`))
  if (!target.isDirectory()) return refuse('it is not a directory.', 'Move it away, or:')
  if (otherOwner !== undefined)
    return refuse(
      `it belongs to user ${otherOwner}, who could change the data.`,
      `Run \`sudo chown -hR ${us} ${path}\`, or:`,
    )
  if ((target.mode & WORLD_WRITABLE) === 0 || (isPlace && (target.mode & STICKY) !== 0))
    return E.right(path)
  return refuse('every user of this machine may write to it.', `Run \`chmod o-w ${path}\`, or:`)
}
