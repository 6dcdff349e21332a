import { join, resolve } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { dataDirectory, SYSTEM_DATA } from '../data-directory.js'
import type { OwnDatabase } from './database/create.js'
import { openDatabase, openReadOnly } from './database/open.js'
import type { SqliteDriver, SqliteDriverName } from './driver/driver.js'
import { fault, type SqliteFault } from './driver/fault.js'
import { loadDriver } from './driver/load-driver.js'
import type { Session } from './reconnecting-session.js'
import { now, patiently } from './retry-busy.js'
import { sqliteStore } from './store.js'

/** The name of a plugin's database in its directory. */
export const DATABASE = 'kv.sqlite'

/** The options of `sqliteKv`; each has a default. */
export interface SqliteKvOptions {
  /**
   * The database file; a relative path starts at the working directory. Its directory is made if it
   * is missing.
   */
  readonly file?: string
  /**
   * The directory of the file `kv.sqlite`, where `file` is not given. Otherwise it is that of
   * `dataDirectory`.
   */
  readonly directory?: string
  /** Which SQLite. Otherwise `node:sqlite` where Node.js has it, and else the package `libsql`. */
  readonly driver?: SqliteDriverName
  /**
   * Milliseconds that one operation may wait for a lock, or for the file to open. Otherwise the
   * plugin's `kvTimeout`.
   */
  readonly deadlineMs?: number
  /**
   * The file from which the data of an earlier version is imported once; `null` for none. Otherwise
   * `/var/lib/toru-plugins/<plugin id>.json`.
   */
  readonly legacyFile?: string | null
}

/** The embedded store of a plugin in its place: what `sqliteKv` loads. */
export const ownStore = (options: SqliteKvOptions, place: KvPlace): ClosableKvStore => {
  const { pluginId, log } = place
  const {
    driver: name,
    deadlineMs = place.deadlineMs,
    legacyFile = join(SYSTEM_DATA, `${pluginId}.json`),
  } = options
  let file = options.file ?? join(options.directory ?? pluginId, DATABASE)
  const open = async (): Promise<Either<SqliteFault, Session>> => {
    const located = locate(options, place)
    if (E.isLeft(located)) return located
    file = located.right
    const driver = await loadDriver(name)
    if (E.isLeft(driver)) return E.left(fault('refused', driver.left))
    return openOwn(
      driver.right,
      { file, pluginId, log, legacyFile: legacyFile ?? undefined },
      now() + deadlineMs,
    )
  }
  return sqliteStore({ file: () => file, deadlineMs, open })
}

const locate = (
  { file, directory }: SqliteKvOptions,
  { pluginId, env }: KvPlace,
): Either<SqliteFault, string> => {
  if (file !== undefined) return E.right(resolve(file))
  if (directory !== undefined) return E.right(resolve(directory, DATABASE))
  return pipe(
    dataDirectory(pluginId, env),
    E.bimap(
      error => fault('refused', error),
      found => join(found, DATABASE),
    ),
  )
}

const openOwn = async (
  driver: SqliteDriver,
  own: OwnDatabase,
  deadline: number,
): Promise<Either<SqliteFault, Session>> => {
  const attempt = (): Promise<Either<SqliteFault, Session>> => openDatabase(driver, own)
  const first = await patiently(deadline, attempt)
  if (E.isRight(first)) return first
  switch (first.left.kind) {
    case 'locked':
    case 'refused':
      return first
    case 'damaged':
      // Once: on a disk that damages whatever is written, an error is better than a row of files.
      return patiently(deadline, attempt)
    default:
      return openReadOnly(driver, own, first.left)
  }
}
