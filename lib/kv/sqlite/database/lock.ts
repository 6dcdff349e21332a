import { closeSync, openSync } from 'node:fs'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { errorCode } from '../../../domain/thrown.js'
import type { SqliteDriver } from '../driver/driver.js'
import { type SqliteFault, tryFile, trySqlite } from '../driver/fault.js'
import { withConnection } from './connect.js'

/**
 * Runs `f` while no other process runs one for the same database file. Yields a `locked` fault if
 * another process does: try again.
 *
 * The lock is SQLite's own, on the empty database `<file>.lock`, which stays. The system releases
 * it when its process ends, however it ends, so no lock is ever stale and none has to be broken.
 */
export const withFileLock = <A>(
  driver: SqliteDriver,
  file: string,
  f: () => Either<SqliteFault, A>,
): Either<SqliteFault, A> =>
  pipe(
    makeLockFile(`${file}.lock`),
    E.chain(lock =>
      withConnection(driver, lock, 'read-write', connection =>
        pipe(
          trySqlite(driver, () => connection.exec('BEGIN EXCLUSIVE')),
          E.chain(f),
        ),
      ),
    ),
  )

/** For this user only: whoever can open the file can hold the lock. */
const makeLockFile = (lock: string): Either<SqliteFault, string> =>
  pipe(
    tryFile(() => closeSync(openSync(lock, 'wx', 0o600))),
    E.orElse(reason =>
      errorCode(reason.cause) === 'EEXIST' ? E.right(undefined) : E.left(reason),
    ),
    E.map(() => lock),
  )
