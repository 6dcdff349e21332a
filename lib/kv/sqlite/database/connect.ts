import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { SqliteConnection, SqliteDriver, SqliteMode } from '../driver/driver.js'
import { type SqliteFault, trySqlite } from '../driver/fault.js'
import { kvTable } from '../kv-table.js'
import type { Session } from '../reconnecting-session.js'

/**
 * Opens a file, and closes it again if `use` fails.
 *
 * SQLite is set to report a lock at once instead of waiting for it. It also keeps what a
 * transaction changes in memory until the end, so that it meets no lock in the middle of one.
 */
export const connect = <A>(
  driver: SqliteDriver,
  file: string,
  mode: SqliteMode,
  use: (connection: SqliteConnection) => Either<SqliteFault, A>,
): Either<SqliteFault, A> => opened(driver, file, mode, use, E.isLeft)

/** Opens a file as {@link connect} does, and closes it after `use`. */
export const withConnection = <A>(
  driver: SqliteDriver,
  file: string,
  mode: SqliteMode,
  use: (connection: SqliteConnection) => Either<SqliteFault, A>,
): Either<SqliteFault, A> => opened(driver, file, mode, use, () => true)

const opened = <A>(
  driver: SqliteDriver,
  file: string,
  mode: SqliteMode,
  use: (connection: SqliteConnection) => Either<SqliteFault, A>,
  closes: (result: Either<SqliteFault, A>) => boolean,
): Either<SqliteFault, A> =>
  pipe(
    trySqlite(driver, () => driver.open(file, mode)),
    E.chain(connection => {
      const result = pipe(
        trySqlite(driver, () => connection.exec(SETTINGS)),
        E.chain(() => use(connection)),
      )
      if (closes(result)) trySqlite(driver, () => connection.close())
      return result
    }),
  )

const SETTINGS = 'PRAGMA busy_timeout = 0; PRAGMA cache_spill = OFF'

/** An open connection as a session over the rows of one plugin. */
export const sessionOver = (
  driver: SqliteDriver,
  connection: SqliteConnection,
  pluginId: string,
  isCurrent: () => boolean,
): Either<SqliteFault, Session> =>
  pipe(
    kvTable(driver, connection, pluginId),
    E.map(table => ({
      table,
      isCurrent,
      close: () => void trySqlite(driver, () => connection.close()),
    })),
  )
