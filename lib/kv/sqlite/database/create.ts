import { closeSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../../../domain/context.js'
import { makeDirectory, syncDirectory } from '../../directory.js'
import type { SqliteDriver } from '../driver/driver.js'
import { fault, type SqliteFault, tryFile, trySqlite, unusable } from '../driver/fault.js'
import { CREATE_TABLE } from '../kv-table.js'
import { withConnection } from './connect.js'
import { COMPANIONS, logsOf, sizeOf, wasMovedAside } from './files.js'
import { type Legacy, NO_LEGACY, readLegacy } from './legacy-import.js'
import { withFileLock } from './lock.js'
import { moveAside } from './move-aside.js'

/** The database of one plugin. */
export interface PluginDatabase {
  /** An absolute path. */
  readonly file: string
  readonly pluginId: string
  /** The file of an earlier version, whose data a new database gets; none to import nothing. */
  readonly legacyFile: string | undefined
  readonly log: Logger
}

/**
 * Creates a plugin's database where there is none, for this user only (0600; its directory 0700),
 * with the data of an earlier version in it. An empty file counts as none.
 *
 * The database is written under another name and renamed when it is complete, so that nobody sees
 * half of one. Of two processes that start together one creates it and the other finds it.
 */
export const createDatabase = (
  driver: SqliteDriver,
  database: PluginDatabase,
): TaskEither<SqliteFault, void> =>
  pipe(
    legacyOf(database),
    TE.chainEitherK(legacy =>
      pipe(
        makeDirectory(dirname(database.file), 0o700),
        E.mapLeft(cause => fault('failed', cause)),
        E.chain(() =>
          withFileLock(driver, database.file, () =>
            sizeOf(database.file) > 0 ? E.right(undefined) : create(driver, database, legacy),
          ),
        ),
      ),
    ),
  )

const legacyOf = ({ file, legacyFile }: PluginDatabase): TaskEither<SqliteFault, Legacy> =>
  legacyFile === undefined || wasMovedAside(file)
    ? TE.right(NO_LEGACY)
    : pipe(readLegacy(legacyFile), TE.mapLeft(unusable))

const create = (
  driver: SqliteDriver,
  { file, pluginId, legacyFile, log }: PluginDatabase,
  { entries, problems }: Legacy,
): Either<SqliteFault, void> => {
  const draft = `${file}.new`
  const created = pipe(
    tryFile(() => {
      discard(draft)
      closeSync(openSync(draft, 'wx', 0o600))
    }),
    E.chain(() => write(driver, draft, pluginId, entries)),
    // A log without its database would be read as part of the new one.
    E.chain(() => (logsOf(file).length > 0 ? moveAside(file) : E.right(undefined))),
    E.chainFirst(() =>
      tryFile(() => {
        renameSync(draft, file)
        syncDirectory(dirname(file))
      }),
    ),
  )
  if (E.isLeft(created)) {
    discard(draft)
    return created
  }
  if (created.right !== undefined)
    log.error(`There was a log without its database ${file}. It was moved to ${created.right}-wal.`)
  for (const problem of problems) log.warn(problem)
  if (entries.length > 0)
    log.info(
      { from: legacyFile, to: file, keys: entries.length },
      'imported the data of an earlier version',
    )
  return E.right(undefined)
}

/** Removes a draft. The system may refuse, and then the next step says why. */
const discard = (draft: string): void => {
  for (const suffix of ['', ...COMPANIONS]) tryFile(() => rmSync(draft + suffix, { force: true }))
}

/**
 * Writes everything with `exec` and without a write-ahead log. With `libsql` a prepared statement
 * would keep the draft open, and its index would then be shared by whoever opens the same file
 * under its real name.
 */
const write = (
  driver: SqliteDriver,
  draft: string,
  pluginId: string,
  entries: Legacy['entries'],
): Either<SqliteFault, void> =>
  withConnection(driver, draft, 'read-write', connection =>
    trySqlite(driver, () => {
      const rows = entries.map(
        ([key, value]) =>
          `INSERT INTO plugin_kv VALUES (${[pluginId, key, value].map(literal).join(', ')});`,
      )
      connection.exec(
        `PRAGMA synchronous = FULL; BEGIN; ${CREATE_TABLE}; ${rows.join('\n')} COMMIT`,
      )
    }),
  )

/** Any text as SQL. In hexadecimal digits it needs no escapes, and keeps its NULs. */
const literal = (text: string): string => `CAST(X'${Buffer.from(text).toString('hex')}' AS TEXT)`
