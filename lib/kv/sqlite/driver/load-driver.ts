import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvPlace } from '../../../domain/kv-provider.js'
import type { PackedFile } from '../../../domain/packed-file.js'
import { ioError, type PluginError } from '../../../domain/plugin-error.js'
import { messageOf } from '../../../domain/thrown.js'
import { ownPackedFile } from '../../packed-file.js'
import type { SqliteDriver, SqliteDriverName } from './driver.js'
import { installedLibsql } from './libsql.js'
import { nodeSqlite } from './node-sqlite.js'

const HINT = 'Use Node.js 22.13 or newer, or run `npm install libsql`.'

/**
 * Loads a SQLite driver: the named one, otherwise `node:sqlite` if Node.js has it, otherwise
 * libsql, which is what the plugin carries if it is packed, and else the installed package. If
 * there is none, an `Io` error says what to do.
 */
export const loadDriver = (
  place: KvPlace,
  name?: SqliteDriverName,
): TaskEither<PluginError, SqliteDriver> =>
  pipe(
    TE.fromIO(() => (name === 'libsql' ? undefined : nodeSqlite())),
    TE.chain(builtin => {
      if (builtin !== undefined) return TE.right(builtin)
      return name === 'node:sqlite'
        ? TE.left(ioError(`Node.js ${process.version} has no SQLite of its own. ${HINT}`))
        : loadLibsql(place)
    }),
  )

const loadLibsql = (place: KvPlace): TaskEither<PluginError, SqliteDriver> =>
  pipe(
    TE.fromIO(ownPackedFile),
    TE.chain(
      O.match(
        () => installed,
        packed => carriedOnce(packed, place),
      ),
    ),
  )

let carried: Promise<Either<PluginError, SqliteDriver>> | undefined

/** A failure is not remembered, because there may be room on the disk later. */
const carriedOnce =
  (packed: PackedFile, place: KvPlace): TaskEither<PluginError, SqliteDriver> =>
  async () => {
    carried ??= import('./carried-libsql.js').then(({ carriedLibsql }) =>
      carriedLibsql(packed, place)(),
    )
    const result = await carried
    if (E.isLeft(result)) carried = undefined
    return result
  }

const installed: TaskEither<PluginError, SqliteDriver> = pipe(
  TE.tryCatch(installedLibsql, cause =>
    ioError(
      `There is no SQLite for the key-value store: ${firstLine(messageOf(cause))}. ${HINT}`,
      cause,
    ),
  ),
  TE.chain(TE.fromOption(() => ioError(`The package libsql has no default export. ${HINT}`))),
)

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
