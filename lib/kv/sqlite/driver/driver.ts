/**
 * Which SQLite: the one in Node.js (22.13 and up), or the package `libsql`. Either opens what the
 * other wrote.
 */
export type SqliteDriverName = 'node:sqlite' | 'libsql'

/** A row: the value of each column by its name. */
export type Row = Readonly<Record<string, unknown>>

/**
 * A prepared statement. Its methods throw what SQLite reports: {@link SqliteDriver.codeOf} reads
 * it.
 */
export interface SqliteStatement {
  /** The first row, if there is one. */
  readonly get: (...parameters: ReadonlyArray<string>) => Row | undefined
  /** Every row. */
  readonly all: (...parameters: ReadonlyArray<string>) => ReadonlyArray<Row>
  /**
   * For a statement that changes something. Only inside a transaction that `exec` began with `BEGIN
   * IMMEDIATE`.
   */
  readonly run: (...parameters: ReadonlyArray<string>) => void
}

/** An open database. Its methods throw what SQLite reports. */
export interface SqliteConnection {
  /** Runs statements that yield no rows, or whose rows nobody wants. */
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => SqliteStatement
  /** Lets go of the file. With `libsql` the file is let go when its statements are garbage. */
  readonly close: () => void
}

/**
 * How a file is opened. `read-write` makes a missing file, and reads where the file cannot be
 * written to. `read-only` leaves the file and its log as they are. `immutable` is for a file that
 * nobody can change, because it is on a disk that is read-only or full: it needs no lock and no
 * `-shm` beside it.
 */
export type SqliteMode = 'read-write' | 'read-only' | 'immutable'

/** One way to SQLite. */
export interface SqliteDriver {
  readonly name: SqliteDriverName
  /** Opens a file at an absolute path. Throws what SQLite reports. */
  readonly open: (file: string, mode: SqliteMode) => SqliteConnection
  /**
   * The result code of SQLite in something that this driver threw, in its low 8 bits the primary
   * one; none where it is no such error.
   */
  readonly codeOf: (thrown: unknown) => number | undefined
  /**
   * The source text of an asynchronous function from the path of a file to a connection that only
   * reads: for a worker, which shares no functions with us. None where a worker cannot load this
   * driver.
   */
  readonly opener: string | undefined
}
