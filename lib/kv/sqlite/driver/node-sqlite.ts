import type { Row, SqliteConnection, SqliteDriver, SqliteMode } from './driver.js'
import { uriOf } from './uri.js'

/** The part of `node:sqlite` that is used. The oldest supported Node.js does not have it. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => DatabaseSync
}

interface DatabaseSync {
  exec(sql: string): void
  prepare(sql: string): {
    get(...parameters: ReadonlyArray<string>): Row | undefined
    all(...parameters: ReadonlyArray<string>): ReadonlyArray<Row>
    run(...parameters: ReadonlyArray<string>): unknown
  }
  close(): void
}

const isNodeSqlite = (u: unknown): u is NodeSqlite =>
  typeof u === 'object' && u !== null && 'DatabaseSync' in u && typeof u.DatabaseSync === 'function'

/** The SQLite in Node.js; none before 22.13, or with `--no-experimental-sqlite`. */
export const nodeSqlite = (): SqliteDriver | undefined => {
  // Works in every module format, and no bundler tries to resolve it.
  const module: unknown = withoutSqliteWarning(() => process.getBuiltinModule('node:sqlite'))
  return isNodeSqlite(module) ? driverOf(module) : undefined
}

const driverOf = (sqlite: NodeSqlite): SqliteDriver => ({
  name: 'node:sqlite',
  open: (file, mode) => connectionTo(open(sqlite, file, mode)),
  codeOf: thrown =>
    thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number'
      ? thrown.errcode
      : undefined,
  opener: `async file => {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    return new DatabaseSync(file, { readOnly: true })
  }`,
})

/** Node.js before 22.15 does not accept a URI, so it finds no file that is `immutable`. */
const open = (sqlite: NodeSqlite, file: string, mode: SqliteMode): DatabaseSync =>
  new sqlite.DatabaseSync(mode === 'immutable' ? uriOf(file, mode) : file, {
    readOnly: mode !== 'read-write',
  })

const connectionTo = (database: DatabaseSync): SqliteConnection => ({
  exec: sql => database.exec(sql),
  prepare: sql => {
    const statement = database.prepare(sql)
    return {
      get: (...parameters) => statement.get(...parameters),
      all: (...parameters) => statement.all(...parameters),
      run: (...parameters) => void statement.run(...parameters),
    }
  },
  close: () => database.close(),
})

/**
 * Some versions of Node.js warn that `node:sqlite` is experimental when it is loaded. An author can
 * do nothing about that, so the warning is suppressed; every other one passes.
 */
const withoutSqliteWarning = <A>(load: () => A): A | undefined => {
  const emit = process.emitWarning
  process.emitWarning = (...warning: ReadonlyArray<unknown>): void => {
    if (!String(warning[0]).startsWith('SQLite is an experimental feature'))
      emit.apply(process, warning as Parameters<typeof emit>)
  }
  try {
    return load()
  } catch {
    return undefined
  } finally {
    process.emitWarning = emit
  }
}
