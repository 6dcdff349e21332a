/** The SQLite in Node.js (22.13 and up), or the package `libsql`. Each opens the other's files. */
export type SqliteDriverName = 'node:sqlite' | 'libsql'

/** A row: the value of each column by its name. */
export type Row = Readonly<Record<string, unknown>>

/** A prepared statement. Its methods throw what SQLite reports; see {@link SqliteDriver.codeOf}. */
export interface SqliteStatement {
  /** The first row, if there is one. */
  readonly get: (...parameters: ReadonlyArray<string>) => Row | undefined
  /** Every row. */
  readonly all: (...parameters: ReadonlyArray<string>) => ReadonlyArray<Row>
  /** Changes something, inside a transaction that `exec` began with `BEGIN IMMEDIATE`. */
  readonly run: (...parameters: ReadonlyArray<string>) => void
}

/** An open database. Its methods throw what SQLite reports. */
export interface SqliteConnection {
  /** Runs statements and ignores their rows. */
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => SqliteStatement
  /** Closes the file. `libsql` closes it only when its statements are garbage-collected. */
  readonly close: () => void
}

/**
 * How a file is opened. `read-write` creates a missing file, and only reads one that is not
 * writable. `read-only` leaves the file and its log as they are. `immutable` is for a file that
 * nobody can change, because its disk is read-only or full: it needs no lock and no `-shm` file.
 */
export type SqliteMode = 'read-write' | 'read-only' | 'immutable'

/** A SQLite library. */
export interface SqliteDriver {
  readonly name: SqliteDriverName
  /** Opens a file at an absolute path. Throws what SQLite reports. */
  readonly open: (file: string, mode: SqliteMode) => SqliteConnection
  /**
   * The result code of SQLite in something that this driver threw, with the primary code in its low
   * 8 bits. None if it is not an error of SQLite.
   */
  readonly codeOf: (thrown: unknown) => number | undefined
  /**
   * The source of an asynchronous function from the path of a file to a connection that only reads,
   * for a worker thread. None if a worker cannot load this driver.
   */
  readonly opener: string | undefined
}
