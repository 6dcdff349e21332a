import { existsSync } from 'node:fs'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { ioError } from '../../domain/plugin-error.js'
import { connected, sessionOver } from '../sqlite/database/connect.js'
import { sameFile } from '../sqlite/database/files.js'
import type { SqliteDriver, SqliteDriverName } from '../sqlite/driver/driver.js'
import { fault, type SqliteFault, tried } from '../sqlite/driver/fault.js'
import { loadDriver } from '../sqlite/driver/load-driver.js'
import { hasTable } from '../sqlite/kv-table.js'
import type { Session } from '../sqlite/reconnecting-session.js'
import { now, patiently } from '../sqlite/retry-busy.js'
import { sqliteStore } from '../sqlite/store.js'

/** The options of `hostKv`; each has a default. */
export interface HostKvOptions {
  /**
   * The host's database; a relative path starts at the working directory, which a plugin has from
   * the host. Otherwise `steering.db`.
   */
  readonly path?: string
  /** Whose rows. Otherwise those of the plugin itself. */
  readonly pluginId?: string
  /** Which SQLite. Otherwise `node:sqlite` where Node.js has it, and else the package `libsql`. */
  readonly driver?: SqliteDriverName
  /**
   * Milliseconds that one operation may wait for a lock of the host's. Otherwise the plugin's
   * `kvTimeout`.
   */
  readonly deadlineMs?: number
}

/** The host's table as a plugin's store, in its place: what `hostKv` loads. */
export const hostStore = (
  { path: file, ...options }: HostKvOptions & { readonly path: string },
  place: KvPlace,
): ClosableKvStore => {
  const { driver: name, deadlineMs = place.deadlineMs, pluginId = place.pluginId } = options
  const open = async (): Promise<Either<SqliteFault, Session>> => {
    const driver = await loadDriver(name)
    if (E.isLeft(driver)) return E.left(fault('refused', driver.left))
    return patiently(now() + deadlineMs, () => openHost(driver.right, file, pluginId))
  }
  return sqliteStore({ file: () => file, deadlineMs, open })
}

const MEND =
  'A plugin finds it in the working directory that the host gives it; elsewhere, name it: hostKv({ path }).'

const openHost = (
  driver: SqliteDriver,
  file: string,
  pluginId: string,
): Promise<Either<SqliteFault, Session>> => {
  // SQLite would make an empty file, which the host would then find.
  if (!existsSync(file))
    return Promise.resolve(refused(`There is no host database at ${file}. ${MEND}`))
  const isSame = sameFile(file)
  return connected(driver, file, 'read-write', connection =>
    pipe(
      tried(driver, () => {
        connection.exec('PRAGMA synchronous = FULL')
        return hasTable(connection)
      }),
      E.chain(found =>
        found
          ? sessionOver(driver, connection, pluginId, isSame)
          : refused(
              `The database ${file} has no table plugin_kv, so it is not the host's. ${MEND}`,
            ),
      ),
    ),
  )
}

const refused = (message: string): Either<SqliteFault, never> =>
  E.left(fault('refused', ioError(message)))
