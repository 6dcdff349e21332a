import { dirname, join, resolve } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import type { PluginError } from '../../domain/plugin-error.js'
import { dataDirectory, SYSTEM_DATA } from '../data-directory.js'
import { makeDirectory } from '../directory.js'
import type { PluginDatabase } from './database/create.js'
import { sizeOf, whyNotWritable } from './database/files.js'
import { openDatabase, openReadOnly } from './database/open.js'
import type { SqliteDriver, SqliteDriverName } from './driver/driver.js'
import { fault, type SqliteFault, unusable } from './driver/fault.js'
import { loadDriver } from './driver/load-driver.js'
import type { Session } from './reconnecting-session.js'
import { retryBusy } from './retry-busy.js'
import { sqliteStore } from './store.js'

/** The name of a plugin's database in its directory. */
export const DATABASE = 'kv.sqlite'

/** The options of `sqliteKv`; each has a default. */
export interface SqliteKvOptions {
  /**
   * The database file; a relative path starts at the working directory. A missing directory is
   * created.
   */
  readonly file?: string
  /**
   * The directory of the file `kv.sqlite`, if `file` is not given. The default is that of
   * `dataDirectory`.
   */
  readonly directory?: string
  /** The SQLite driver. The default is `node:sqlite` if Node.js has it, otherwise `libsql`. */
  readonly driver?: SqliteDriverName
  /**
   * Milliseconds that one operation may wait for a lock, or for the file to open. The default is
   * the plugin's `kvTimeout`.
   */
  readonly deadlineMs?: number
  /**
   * The file from which the data of an earlier version is imported once; `null` for none. The
   * default is `/var/lib/toru-plugins/<plugin id>.json`.
   */
  readonly legacyFile?: string | null
}

/** The embedded store of a plugin in its place: what `sqliteKv` loads. */
export const sqliteProvider = (options: SqliteKvOptions, place: KvPlace): ClosableKvStore => {
  const { pluginId, log, deadlineMs: kvTimeout } = place
  const { deadlineMs = kvTimeout, legacyFile = join(SYSTEM_DATA, `${pluginId}.json`) } = options
  let file = options.file ?? join(options.directory ?? pluginId, DATABASE)
  const driver = pipe(
    TE.fromIOEither(() => locate(options, place)),
    TE.chain(located => {
      file = located
      return loadDriver(place, options.driver)
    }),
    TE.mapLeft(unusable),
  )
  return sqliteStore({
    file: () => file,
    deadlineMs,
    prepare: pipe(
      driver,
      TE.chainIOEitherK(() => () => isThereOrWritable(file)),
    ),
    open: pipe(
      driver,
      TE.chain(loaded =>
        openOrRecover(
          loaded,
          { file, pluginId, log, legacyFile: legacyFile ?? undefined },
          performance.now() + deadlineMs,
        ),
      ),
    ),
  })
}

/** Whether there is a database. If there is none, its directory is made, and can be written to. */
const isThereOrWritable = (file: string): Either<SqliteFault, boolean> =>
  sizeOf(file) > 0
    ? E.right(true)
    : pipe(
        makeDirectory(dirname(file), 0o700),
        E.mapLeft(cause => fault('read-only', cause)),
        E.chain(() => {
          const reason = whyNotWritable(file)
          return reason === undefined ? E.right(false) : E.left(reason)
        }),
      )

const locate = (
  { file, directory }: SqliteKvOptions,
  { pluginId, env }: KvPlace,
): Either<PluginError, string> => {
  if (file !== undefined) return E.right(resolve(file))
  if (directory !== undefined) return E.right(resolve(directory, DATABASE))
  return pipe(
    dataDirectory(pluginId, env),
    E.map(found => join(found, DATABASE)),
  )
}

const openOrRecover = (
  driver: SqliteDriver,
  database: PluginDatabase,
  deadline: number,
): TaskEither<SqliteFault, Session> => {
  const open = retryBusy(deadline, openDatabase(driver, database))
  return pipe(
    open,
    TE.orElse(reason => {
      switch (reason.kind) {
        case 'locked':
        case 'unusable':
        case 'refused':
          return TE.left(reason)
        case 'damaged':
          // Once: on a disk that damages whatever is written, an error is better than many files.
          return open
        case 'read-only':
        case 'full':
        case 'failed':
          return TE.fromEither(openReadOnly(driver, database, reason))
      }
    }),
  )
}
