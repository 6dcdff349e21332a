import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { messageOf } from '../../../domain/thrown.js'
import type { SqliteConnection, SqliteDriver } from '../driver/driver.js'
import { fault, type SqliteFault, trySqlite } from '../driver/fault.js'
import { CREATE_TABLE, hasTable, transaction } from '../kv-table.js'
import type { Session } from '../reconnecting-session.js'
import { connect, sessionOver } from './connect.js'
import { createDatabase, type PluginDatabase } from './create.js'
import { isNoFile, sameFile, sizeOf, unchanged, whyNotWritable } from './files.js'
import { checkIntegrity } from './integrity-check.js'
import { withFileLock } from './lock.js'
import { moveAside } from './move-aside.js'

/**
 * Opens a plugin's own database. Creates it if it is missing, checks that it is sound, and sets it
 * to a write-ahead log that is on the disk before a write is acknowledged.
 *
 * This is one attempt. A fault says what was in the way, and nothing is left open. After `damaged`
 * the file was moved aside, and the next attempt creates a new one; if it could not be moved, the
 * cause says why.
 */
export const openDatabase = (
  driver: SqliteDriver,
  database: PluginDatabase,
): TaskEither<SqliteFault, Session> =>
  pipe(
    TE.Do,
    TE.chain(() => createIfMissing(driver, database)),
    TE.chain(() => openExisting(driver, database)),
  )

const createIfMissing = (
  driver: SqliteDriver,
  database: PluginDatabase,
): TaskEither<SqliteFault, void> => {
  if (isNoFile(database.file)) return TE.left(fault('failed', 'it is not a file'))
  return sizeOf(database.file) > 0 ? TE.right(undefined) : createDatabase(driver, database)
}

const openExisting = (
  driver: SqliteDriver,
  database: PluginDatabase,
): TaskEither<SqliteFault, Session> => {
  const { file, pluginId } = database
  // Taken before the file is opened: if it is replaced in between, the session is not current, and
  // the new file is not moved aside for the damage of the old one.
  const isSame = sameFile(file)
  return pipe(
    checkIntegrity(driver, file),
    TE.chainEitherK(() =>
      connect(driver, file, 'read-write', connection =>
        pipe(
          prepare(driver, connection),
          E.chain(() => sessionOver(driver, connection, pluginId, isSame)),
        ),
      ),
    ),
    TE.mapLeft(reason =>
      reason.kind === 'damaged' ? moveDamaged(driver, database, isSame, reason) : reason,
    ),
  )
}

const prepare = (driver: SqliteDriver, connection: SqliteConnection): Either<SqliteFault, void> =>
  pipe(
    trySqlite(driver, () =>
      connection.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL'),
    ),
    E.chain(() => trySqlite(driver, () => hasTable(connection))),
    E.chain(found => (found ? E.right(undefined) : addTable(driver, connection))),
  )

/** A database without the table has another author. Its own tables stay. */
const addTable = (driver: SqliteDriver, connection: SqliteConnection): Either<SqliteFault, void> =>
  transaction(driver, connection, () =>
    trySqlite(driver, () => (hasTable(connection) ? undefined : connection.exec(CREATE_TABLE))),
  )

const moveDamaged = (
  driver: SqliteDriver,
  { file, log }: PluginDatabase,
  isSame: () => boolean,
  damage: SqliteFault,
): SqliteFault => {
  const reason = messageOf(damage.cause)
  const moved = withFileLock(driver, file, () => (isSame() ? moveAside(file) : E.right(undefined)))
  if (E.isLeft(moved)) {
    return moved.left.kind === 'locked'
      ? moved.left
      : { ...damage, cause: `${reason}; it cannot be moved aside: ${messageOf(moved.left.cause)}` }
  }
  if (moved.right !== undefined) {
    log.error(
      { error: reason, file, movedTo: moved.right },
      `The database ${file} is damaged. ` +
        `It was moved to ${moved.right}, and a new, empty one is created.`,
    )
  }
  return damage
}

/**
 * Opens a database for reading only, where it cannot be opened otherwise: on a disk that is
 * read-only, or so full that SQLite cannot put its files beside it. That is safe while nobody can
 * be writing to it, which is while it has no log. `because` is why it could not be opened.
 */
export const openReadOnly = (
  driver: SqliteDriver,
  { file, pluginId }: PluginDatabase,
  because: SqliteFault,
): Either<SqliteFault, Session> => {
  const readOnly = because.kind === 'failed' ? (whyNotWritable(file) ?? because) : because
  const isCurrent = unchanged(file)
  if (isCurrent === undefined) return E.left(readOnly)
  return pipe(
    connect(driver, file, 'immutable', connection =>
      sessionOver(driver, connection, pluginId, isCurrent),
    ),
    E.bimap(
      () => readOnly,
      session => ({ ...session, readOnly }),
    ),
  )
}
