import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { SqliteConnection, SqliteDriver, SqliteMode } from '../driver/driver.js'
import { type SqliteFault, tried } from '../driver/fault.js'
import { kvTable } from '../kv-table.js'
import type { Session } from '../reconnecting-session.js'

/**
 * Opens a file, and closes it again if it is of no use. SQLite itself never waits for a lock, and
 * never meets one in the middle of a transaction, for it keeps what is changed in memory until the
 * end.
 */
export const connected = async <A>(
  driver: SqliteDriver,
  file: string,
  mode: SqliteMode,
  use: (connection: SqliteConnection) => Either<SqliteFault, A>,
): Promise<Either<SqliteFault, A>> => {
  const opened = tried(driver, () => driver.open(file, mode))
  if (E.isLeft(opened)) return opened
  const result = pipe(
    tried(driver, () => opened.right.exec('PRAGMA busy_timeout = 0; PRAGMA cache_spill = OFF')),
    E.chain(() => use(opened.right)),
  )
  if (E.isLeft(result)) tried(driver, () => opened.right.close())
  return result
}

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
      close: () => void tried(driver, () => connection.close()),
    })),
  )
