import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Row, SqliteConnection, SqliteDriver, SqliteStatement } from './driver.js'
import { uriOf } from './uri.js'

/** The part of the package `libsql` that is used. */
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

const isLibsql = (u: unknown): u is Libsql => typeof u === 'function'

/**
 * A driver over what the package exports; none if that is no class. `opener` is that of
 * {@link SqliteDriver}.
 */
export const libsqlDriver = (
  exported: unknown,
  opener: SqliteDriver['opener'],
): Option<SqliteDriver> =>
  pipe(
    O.some(exported),
    O.filter(isLibsql),
    O.map(Database => ({
      name: 'libsql',
      open: (file, mode) => connectionTo(new Database(uriOf(file, mode))),
      codeOf,
      opener,
    })),
  )

/**
 * The installed package `libsql`. Rejects if there is none, or if it has no binary for this
 * machine.
 */
export const installedLibsql = async (): Promise<Option<SqliteDriver>> => {
  const { default: exported } = await load('libsql')
  return libsqlDriver(exported, openerOf(exported))
}

/**
 * Imports a package. The name is an argument, so that a bundler does not resolve it: a native addon
 * cannot be bundled.
 */
const load = (name: string): Promise<{ readonly default?: unknown }> => import(name)

/**
 * A failure to open has its code only in its text: `ConnectionFailed("Unable to open connection to
 * local database /x: 14")`.
 */
const codeOf = (thrown: unknown): number | undefined => {
  if (!(thrown instanceof Error)) return undefined
  if ('rawCode' in thrown && typeof thrown.rawCode === 'number') return thrown.rawCode
  const code = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(thrown.message)?.[1]
  return code === undefined ? undefined : Number(code)
}

/**
 * A worker made from text resolves packages from the working directory, so it gets the path of the
 * package that is loaded here.
 */
const openerOf = (exported: unknown): string | undefined => {
  const { cache } = createRequire(pathToFileURL('/').href)
  const path = Object.keys(cache).find(key => cache[key]?.exports === exported)
  return path === undefined
    ? undefined
    : `async file => {
        const { default: Database } = await import(${JSON.stringify(pathToFileURL(path).href)})
        const { href } = process.getBuiltinModule('node:url').pathToFileURL(file)
        return new Database(href + '?mode=ro')
      }`
}

/**
 * libsql (0.5) leaves a statement that met a lock in progress until it is garbage-collected. A read
 * then keeps its own lock and shuts others out, and a write outside a transaction is reported as
 * done and is not. `exec` does not have this fault, so it takes every lock before a statement runs:
 * a read begins a transaction and touches the database first, and a write is always inside a `BEGIN
 * IMMEDIATE` of its caller.
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

/** After some errors SQLite has ended the transaction itself, and then `ROLLBACK` fails. */
const end = (database: LibsqlDatabase): void => {
  try {
    database.exec('ROLLBACK')
  } catch {}
}
