import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BINARY_SUFFIX } from '../../../domain/host.js'
import type { Row, SqliteConnection, SqliteDriver, SqliteStatement } from './driver.js'
import { uriOf } from './uri.js'

/** What is used of the package `libsql`, which need not be installed. */
type Libsql = new (path: string) => LibsqlDatabase

interface LibsqlDatabase {
  readonly inTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): LibsqlStatement
  close(): void
}

interface LibsqlStatement {
  get(...parameters: ReadonlyArray<string>): Row | undefined
  all(...parameters: ReadonlyArray<string>): ReadonlyArray<Row>
  run(...parameters: ReadonlyArray<string>): unknown
}

const isModule = (u: unknown): u is { readonly default: Libsql } =>
  typeof u === 'object' && u !== null && 'default' in u && typeof u.default === 'function'

/** The package `libsql`. Rejects where it is not installed, or has no binary for this machine. */
export const libsql = async (): Promise<SqliteDriver | undefined> => {
  const module = await load('libsql')
  return isModule(module) ? driverOf(module.default) : undefined
}

/**
 * The name is an argument so that a bundler leaves the import alone: a binary cannot be bundled. A
 * plugin that is one file, `plugins/<id>.binary`, may carry the package in
 * `plugins/<id>/node_modules`; where it is there, that one is taken.
 */
const load = async (name: string): Promise<unknown> => {
  const carried = carriedPackage(name, process.argv[1] ?? '')
  return carried === undefined ? import(name) : { default: carried }
}

// By `require`: a program with Node.js inside (a single executable application) can import nothing
// from files.
const carriedPackage = (name: string, file: string): unknown => {
  if (!file.endsWith(BINARY_SUFFIX)) return undefined
  const folder = join(file.slice(0, -BINARY_SUFFIX.length), 'node_modules')
  return existsSync(join(folder, name)) ? createRequire(join(folder, 'from'))(name) : undefined
}

const driverOf = (Database: Libsql): SqliteDriver => ({
  name: 'libsql',
  open: (file, mode) => connectionTo(new Database(uriOf(file, mode))),
  codeOf,
  opener: openerOf(Database),
})

/**
 * A failure to open carries its code only in its text: `ConnectionFailed("Unable to open connection
 * to local database /x: 14")`.
 */
const codeOf = (thrown: unknown): number | undefined => {
  if (!(thrown instanceof Error)) return undefined
  if ('rawCode' in thrown && typeof thrown.rawCode === 'number') return thrown.rawCode
  const code = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(thrown.message)?.[1]
  return code === undefined ? undefined : Number(code)
}

/**
 * A worker made from text finds packages from the working directory, so it is told the path from
 * which we have the package.
 */
const openerOf = (Database: Libsql): string | undefined => {
  const { cache } = createRequire(pathToFileURL('/').href)
  const path = Object.keys(cache).find(key => cache[key]?.exports === Database)
  return path === undefined
    ? undefined
    : `async file => new (await import(${JSON.stringify(pathToFileURL(path).href)})).default(process.getBuiltinModule('node:url').pathToFileURL(file).href + '?mode=ro')`
}

/**
 * libsql (0.5) leaves a statement that met a lock in progress until it is garbage: a read then
 * keeps its own lock and shuts others out, and a write outside a transaction is reported as done
 * and is not. `exec` does not have this fault. So here every lock is taken by `exec`, and a
 * statement finds it taken: reads begin a transaction and touch the database before they start, and
 * writes are always in a `BEGIN IMMEDIATE` of their caller's.
 */
const connectionTo = (database: LibsqlDatabase): SqliteConnection => ({
  exec: sql => database.exec(sql),
  prepare: sql => statementOf(database, database.prepare(sql)),
  close: () => database.close(),
})

const statementOf = (database: LibsqlDatabase, statement: LibsqlStatement): SqliteStatement => ({
  get: (...parameters) => reading(database, () => statement.get(...parameters)),
  all: (...parameters) => reading(database, () => statement.all(...parameters)),
  run: (...parameters) => void statement.run(...parameters),
})

const reading = <A>(database: LibsqlDatabase, read: () => A): A => {
  if (database.inTransaction) return read()
  database.exec('BEGIN')
  try {
    database.exec('SELECT 1 FROM sqlite_schema LIMIT 1')
    return read()
  } finally {
    end(database)
  }
}

/** After some errors SQLite has ended the transaction itself, and says so. */
const end = (database: LibsqlDatabase): void => {
  try {
    database.exec('ROLLBACK')
  } catch {}
}
