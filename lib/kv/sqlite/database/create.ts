import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Logger } from '../../../domain/context.js'
import { isRunning } from '../../../domain/is-running.js'
import { makeDirectory } from '../../directory.js'
import type { SqliteDriver } from '../driver/driver.js'
import { fault, type SqliteFault, tried } from '../driver/fault.js'
import { CREATE_TABLE } from '../kv-table.js'
import { COMPANIONS, wasMovedAside } from './files.js'
import { type Legacy, readLegacy } from './legacy-import.js'
import { publish } from './replace.js'

/** A plugin's own database. */
export interface OwnDatabase {
  readonly file: string
  readonly pluginId: string
  /**
   * The file of an earlier version, from which a new database is filled; none where there is
   * nothing to import.
   */
  readonly legacyFile: string | undefined
  readonly log: Logger
}

/**
 * Makes a plugin's database where there is none, for this user only (0600; its directory 0700),
 * with the data of an earlier version in it.
 *
 * It is made under another name and put in its place when it is finished: so there is never half a
 * database, and of two processes that start together one makes it and the other finds it.
 */
export const createDatabase = async (
  driver: SqliteDriver,
  own: OwnDatabase,
): Promise<Either<SqliteFault, void>> => {
  const { file, legacyFile, log } = own
  const legacy = await legacyOf(own)
  if (E.isLeft(legacy)) return legacy
  const { entries, problems } = legacy.right
  sweep(file)
  const draft = `${file}.new-${process.pid}-${process.getBuiltinModule('node:worker_threads').threadId}`
  const published = pipe(
    makeFile(draft),
    E.chain(() => write(driver, draft, own.pluginId, entries)),
    E.chain(() => publish(file, draft)),
  )
  discard(draft)
  if (E.isLeft(published)) return published
  if (published.right !== undefined)
    log.error(
      `A log lay beside the missing database ${file}. It was moved to ${published.right}-wal.`,
    )
  for (const problem of problems) log.warn(problem)
  if (entries.length > 0)
    log.info(
      { from: legacyFile, to: file, keys: entries.length },
      'imported the data of an earlier version',
    )
  return E.right(undefined)
}

const NOTHING: Legacy = { entries: [], problems: [] }

const legacyOf = async ({
  file,
  legacyFile,
}: OwnDatabase): Promise<Either<SqliteFault, Legacy>> => {
  if (legacyFile === undefined || wasMovedAside(file)) return E.right(NOTHING)
  return pipe(
    await readLegacy(legacyFile),
    E.mapLeft(error => fault('refused', error)),
  )
}

const makeFile = (file: string): Either<SqliteFault, void> =>
  pipe(
    makeDirectory(dirname(file), 0o700),
    E.chain(() => {
      discard(file)
      return E.tryCatch(
        () => closeSync(openSync(file, 'wx', 0o600)),
        cause => cause,
      )
    }),
    E.mapLeft(cause => fault('failed', cause)),
  )

/** Removes the drafts of processes that were killed over them. */
const sweep = (file: string): void => {
  for (const [draft, pid] of draftsOf(file)) {
    if (!isRunning(Number(pid))) discard(join(dirname(file), draft))
  }
}

const draftsOf = (file: string): ReadonlyArray<readonly [draft: string, pid: string]> => {
  try {
    return readdirSync(dirname(file)).flatMap(name => {
      const [draft, pid] = name.startsWith(basename(file))
        ? (/^.*\.new-(\d+)-\d+/.exec(name) ?? [])
        : []
      return draft === undefined || pid === undefined ? [] : [[draft, pid] as const]
    })
  } catch {
    return []
  }
}

const discard = (draft: string): void => {
  for (const suffix of ['', ...COMPANIONS]) {
    try {
      rmSync(draft + suffix, { force: true })
    } catch {}
  }
}

/**
 * Everything is done by `exec`, and without a write-ahead log: with libsql a statement would keep
 * the draft open, and its index would then be shared by whoever opens the same file under its real
 * name.
 */
const write = (
  driver: SqliteDriver,
  draft: string,
  pluginId: string,
  entries: Legacy['entries'],
): Either<SqliteFault, void> =>
  tried(driver, () => {
    const connection = driver.open(draft, 'read-write')
    try {
      const rows = entries.map(
        ([key, value]) =>
          `INSERT INTO plugin_kv VALUES (${[pluginId, key, value].map(literal).join(', ')});`,
      )
      connection.exec(
        `PRAGMA synchronous = FULL; BEGIN; ${CREATE_TABLE}; ${rows.join('\n')} COMMIT`,
      )
    } finally {
      connection.close()
    }
  })

/** Any text as SQL: in hexadecimal digits it needs no escapes, and keeps its NULs. */
const literal = (text: string): string => `CAST(X'${Buffer.from(text).toString('hex')}' AS TEXT)`
