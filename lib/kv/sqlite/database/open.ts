import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { messageOf } from '../../../domain/plugin-error.js'
import type { SqliteConnection, SqliteDriver } from '../driver/driver.js'
import { fault, type SqliteFault, tried } from '../driver/fault.js'
import { CREATE_TABLE, hasTable, transaction } from '../kv-table.js'
import type { Session } from '../reconnecting-session.js'
import { connected, sessionOver } from './connect.js'
import { createDatabase, type OwnDatabase } from './create.js'
import { isNoFile, obstacle, sameFile, sizeOf, untouched } from './files.js'
import { check } from './integrity-check.js'
import { moveAside } from './replace.js'

/**
 * Opens a plugin's own database: makes it if it is missing, checks that it is sound, and sets it to
 * a write-ahead log that is on the disk before a write is acknowledged. One attempt: a fault says
 * what was in the way, and nothing is left open. After `damaged` the file was moved aside, and the
 * next attempt makes a new one; where that could not be, the cause says why.
 */
export const openDatabase = async (
  driver: SqliteDriver,
  own: OwnDatabase,
): Promise<Either<SqliteFault, Session>> => {
  const { file, pluginId } = own
  if (isNoFile(file)) return E.left(fault('failed', 'it is not a file'))
  const created = sizeOf(file) > 0 ? E.right(undefined) : await createDatabase(driver, own)
  if (E.isLeft(created)) return created
  // It is looked at before it is opened: should it be replaced in between, we open once more, and
  // never move the wrong file.
  const isSame = sameFile(file)
  const checked = await check(driver, file)
  const opened = E.isLeft(checked)
    ? checked
    : await connected(driver, file, 'read-write', connection =>
        pipe(
          prepare(driver, connection),
          E.chain(() => sessionOver(driver, connection, pluginId, isSame)),
        ),
      )
  return E.isLeft(opened) && opened.left.kind === 'damaged'
    ? E.left(putAside(own, isSame, opened.left))
    : opened
}

const prepare = (driver: SqliteDriver, connection: SqliteConnection): Either<SqliteFault, void> =>
  pipe(
    tried(driver, () => connection.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL')),
    E.chain(() => tried(driver, () => hasTable(connection))),
    E.chain(found => (found ? E.right(undefined) : addTable(driver, connection))),
  )

/** A database without the table was not made by us; its own tables stay. */
const addTable = (driver: SqliteDriver, connection: SqliteConnection): Either<SqliteFault, void> =>
  transaction(driver, connection, () =>
    tried(driver, () => (hasTable(connection) ? undefined : connection.exec(CREATE_TABLE))),
  )

const putAside = (
  { file, log }: OwnDatabase,
  isSame: () => boolean,
  damage: SqliteFault,
): SqliteFault => {
  const reason = messageOf(damage.cause)
  const moved = moveAside(file, isSame)
  if (E.isLeft(moved)) {
    return moved.left.kind === 'locked'
      ? moved.left
      : { ...damage, cause: `${reason}; it cannot be moved aside: ${messageOf(moved.left.cause)}` }
  }
  if (moved.right !== undefined) {
    log.error(
      { error: reason, file, movedTo: moved.right },
      `The database ${file} is damaged. It was moved to ${moved.right}, and a new, empty one is begun.`,
    )
  }
  return damage
}

/**
 * Opens a database for reading where it cannot be opened otherwise: on a disk that is read-only, or
 * so full that SQLite cannot put its files beside it. Only while nobody can be writing to it, that
 * is, while it has no log. `because` is why it could not be opened.
 */
export const openReadOnly = async (
  driver: SqliteDriver,
  { file, pluginId }: OwnDatabase,
  because: SqliteFault,
): Promise<Either<SqliteFault, Session>> => {
  const readOnly = because.kind === 'failed' ? (obstacle(file) ?? because) : because
  const isCurrent = untouched(file)
  if (isCurrent === undefined) return E.left(readOnly)
  return connected(driver, file, 'immutable', connection =>
    pipe(
      sessionOver(driver, connection, pluginId, isCurrent),
      E.bimap(
        () => readOnly,
        session => ({ ...session, readOnly }),
      ),
    ),
  )
}
