import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ioError, type PluginError } from '../../../domain/plugin-error.js'
import { messageOf } from '../../../domain/thrown.js'
import type { SqliteDriver, SqliteDriverName } from './driver.js'
import { libsql } from './libsql.js'
import { nodeSqlite } from './node-sqlite.js'

const HINT = 'Use Node.js 22.13 or newer, or run `npm install libsql`.'

/**
 * Loads a SQLite driver: the named one, otherwise `node:sqlite` if Node.js has it, otherwise the
 * package `libsql`. If there is neither, an `Io` error says what to install.
 */
export const loadDriver = (name?: SqliteDriverName): TaskEither<PluginError, SqliteDriver> =>
  pipe(
    TE.fromIO(() => (name === 'libsql' ? undefined : nodeSqlite())),
    TE.chain(builtin => {
      if (builtin !== undefined) return TE.right(builtin)
      return name === 'node:sqlite'
        ? TE.left(ioError(`Node.js ${process.version} has no SQLite of its own. ${HINT}`))
        : loadLibsql
    }),
  )

const loadLibsql: TaskEither<PluginError, SqliteDriver> = pipe(
  TE.tryCatch(libsql, cause =>
    ioError(
      `There is no SQLite for the key-value store: ${firstLine(messageOf(cause))}. ${HINT}`,
      cause,
    ),
  ),
  TE.chain(TE.fromNullable(ioError(`The package libsql has no default export. ${HINT}`))),
)

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
