import { existsSync } from 'node:fs'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { ioError } from '../../domain/plugin-error.js'
import { connect, sessionOver } from '../sqlite/database/connect.js'
import { sameFile } from '../sqlite/database/files.js'
import type { SqliteDriver, SqliteDriverName } from '../sqlite/driver/driver.js'
import { type SqliteFault, trySqlite, unusable } from '../sqlite/driver/fault.js'
import { loadDriver } from '../sqlite/driver/load-driver.js'
import { hasTable } from '../sqlite/kv-table.js'
import type { Session } from '../sqlite/reconnecting-session.js'
import { retryBusy } from '../sqlite/retry-busy.js'
import { sqliteStore } from '../sqlite/store.js'

/** The options of `hostKv`; each has a default. */
export interface HostKvOptions {
  /**
   * The host's database; a relative path starts at the working directory, which is the host's. The
   * default is `steering.db`.
   */
  readonly path?: string
  /** The plugin whose rows are used. The default is the plugin itself. */
  readonly pluginId?: string
  /** The SQLite driver. The default is `node:sqlite` if Node.js has it, otherwise `libsql`. */
  readonly driver?: SqliteDriverName
  /**
   * Milliseconds that one operation may wait for the host's lock. The default is the plugin's
   * `kvTimeout`.
   */
  readonly deadlineMs?: number
}

/** The host's table as a plugin's store, in its place: what `hostKv` loads. */
export const hostProvider = (
  { path: file, ...options }: HostKvOptions & { readonly path: string },
  place: KvPlace,
): ClosableKvStore => {
  const { driver: name, deadlineMs = place.deadlineMs, pluginId = place.pluginId } = options
  const driver = pipe(loadDriver(place, name), TE.mapLeft(unusable))
  return sqliteStore({
    file: () => file,
    deadlineMs,
    prepare: pipe(
      driver,
      TE.map(() => true),
    ),
    open: pipe(
      driver,
      TE.chain(loaded =>
        retryBusy(performance.now() + deadlineMs, async () => openHost(loaded, file, pluginId)),
      ),
    ),
  })
}

const HINT =
  'A plugin finds it in the working directory that the host gives it; ' +
  'elsewhere, name it: hostKv({ path }).'

const openHost = (
  driver: SqliteDriver,
  file: string,
  pluginId: string,
): Either<SqliteFault, Session> => {
  // SQLite would create an empty file, which the host would then find.
  if (!existsSync(file))
    return E.left(unusable(ioError(`There is no host database at ${file}. ${HINT}`)))
  const isSame = sameFile(file)
  return connect(driver, file, 'read-write', connection =>
    pipe(
      trySqlite(driver, () => {
        connection.exec('PRAGMA synchronous = FULL')
        return hasTable(connection)
      }),
      E.filterOrElse(
        found => found,
        () => unusable(ioError(`${file} has no table plugin_kv, so it is not the host's. ${HINT}`)),
      ),
      E.chain(() => sessionOver(driver, connection, pluginId, isSame)),
    ),
  )
}
