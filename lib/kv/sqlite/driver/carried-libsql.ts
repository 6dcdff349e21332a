import { closeSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvPlace } from '../../../domain/kv-provider.js'
import { LIBSQL_SCRIPT, type PackedFile, type Section } from '../../../domain/packed-file.js'
import { ioError, type PluginError } from '../../../domain/plugin-error.js'
import { messageOf } from '../../../domain/thrown.js'
import { DIRECTORY_HINT, dataDirectory } from '../../data-directory.js'
import type { SqliteDriver } from './driver.js'
import { openLibrary } from './library-file.js'
import { libsqlDriver } from './libsql.js'
import { nativeSystem } from './native-system.js'
import { unpack } from './unpack.js'

/**
 * The libsql that a packed plugin carries. Its native part becomes a file in the plugin's data
 * directory. An `Io` error says why it cannot be loaded, and what to do: the plugin carries none,
 * or one for another system; the directory is not safe, or the disk is full.
 */
export const carriedLibsql = (
  packed: PackedFile,
  { pluginId, env, log }: KvPlace,
): TaskEither<PluginError, SqliteDriver> =>
  pipe(
    TE.fromEither(carriedFor(packed, nativeSystem())),
    TE.bind('directory', () => TE.fromEither(dataDirectory(pluginId, env))),
    TE.bind('text', ({ script }) => unpack(packed, script)),
    TE.bind('descriptor', ({ directory, library }) =>
      openLibrary({ ...library, directory, unpack: unpack(packed, library), log }),
    ),
    TE.chain(({ directory, descriptor, text }) =>
      TE.fromEither(load(directory, descriptor, text.toString())),
    ),
  )

interface Carried {
  readonly script: Section
  readonly library: Section
}

const OR_NEWER = 'or use Node.js 22.13 or newer.'

const carriedFor = ({ sections }: PackedFile, system: string): Either<PluginError, Carried> => {
  const script = sections.find(({ name }) => name === LIBSQL_SCRIPT)
  const library = sections.find(({ name }) => name === system)
  if (script !== undefined && library !== undefined) return E.right({ script, library })
  const systems = sections.map(({ name }) => name).filter(name => name !== LIBSQL_SCRIPT)
  const lacking = `Node.js ${process.version} has no SQLite of its own, and this plugin was packed`
  return E.left(
    ioError(
      systems.length === 0
        ? `${lacking} without one. Pack it without --no-sqlite and --node, ${OR_NEWER}`
        : `${lacking} with one for ${systems.join(' and ')}; this system is ${system}. ` +
            `Pack it with --arch ${system}, ${OR_NEWER}`,
    ),
  )
}

/**
 * Loads by descriptor, so that what was checked is loaded whatever has the name by now. The
 * descriptor stays open: the C library takes a name that it has seen before for the same library,
 * and a worker loads it again.
 */
const load = (
  directory: string,
  descriptor: number,
  script: string,
): Either<PluginError, SqliteDriver> => {
  const path = `/proc/self/fd/${descriptor}`
  const unloaded = (reason: string, cause?: unknown): PluginError =>
    ioError(
      `SQLite cannot be loaded from ${directory} (${reason}). If its disk is mounted with ` +
        `noexec: ${DIRECTORY_HINT}`,
      cause,
    )
  return pipe(
    E.tryCatch(
      () => exportsOf(script, path),
      cause => unloaded(messageOf(cause), cause),
    ),
    E.chain(exported =>
      E.fromOption(() => unloaded('it has another form'))(
        libsqlDriver(exported, openerOf(script, path)),
      ),
    ),
    E.mapLeft(error => {
      closeSync(descriptor)
      return error
    }),
  )
}

/** Runs the script of libsql over its native part, which is loaded from a path. */
const exportsOf = (script: string, path: string): unknown => {
  const native = { exports: {} }
  process.dlopen(native, path)
  const module: { exports: unknown } = { exports: undefined }
  const run = compileFunction(script, ['require', 'module'], { filename: LIBSQL_SCRIPT })
  run(() => native.exports, module)
  return module.exports
}

/** Does the same in a worker. */
const openerOf = (script: string, path: string): string => `async file => {
    const native = { exports: {} }
    process.dlopen(native, ${JSON.stringify(path)})
    const module = {}
    new Function('require', 'module', ${JSON.stringify(script)})(() => native.exports, module)
    const { href } = process.getBuiltinModule('node:url').pathToFileURL(file)
    return new module.exports(href + '?mode=ro')
  }`
