import { accessSync, closeSync, constants, fsyncSync, lstatSync, mkdirSync, openSync, type Stats, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { ioError, messageOf, type PluginError } from '../domain/plugin-error.js'

/** Where plugins have always kept their files. */
export const SYSTEM_DATA = '/var/lib/toru-plugins'

type Environment = Readonly<Record<string, string | undefined>>

/** The places for the data of all plugins, the best one first: `TORU_DATA_DIR` alone where it is set, otherwise the system's and the user's own. */
export const dataPlaces = (env: Environment, home: string, system: string = SYSTEM_DATA): readonly [string, ...ReadonlyArray<string>] => {
  if (env.TORU_DATA_DIR) return [resolve(env.TORU_DATA_DIR)]
  const state = env.XDG_STATE_HOME
  // The XDG specification has a relative path ignored.
  const user = state !== undefined && isAbsolute(state) ? state : join(home, '.local', 'state')
  return [system, join(user, 'toru-plugins')]
}

/**
 * The directory for a plugin's own files; it exists afterwards, for this user only (0700).
 *
 * It is `<place>/<plugin id>` in the first of {@link dataPlaces} where there is such a directory already, so that a plugin finds its data again whatever
 * becomes writable later; otherwise in the first that can be written to. An `Io` error says which directory could not be made, or is not safe: one that
 * belongs to a user other than us or root, or to which every user may write.
 */
export const dataDirectory = (pluginId: string, env: Environment, system: string = SYSTEM_DATA): Either<PluginError, string> => {
  const places = dataPlaces(env, homedir(), system)
  const place = places.find(candidate => exists(join(candidate, pluginId))) ?? places.find(canWrite) ?? places[places.length - 1] ?? places[0]
  const directory = join(place, pluginId)
  return E.tryCatch(
    () => {
      for (const path of [place, directory]) make(path)
      return undefined
    },
    cause => ioError(`The directory ${directory} for the plugin's data cannot be made (${messageOf(cause)}). ${MEND}`, cause),
  ).valueOf() instanceof Object
    ? safe(place, directory)
    : safe(place, directory)
}
