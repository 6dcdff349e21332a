import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import {
  ioError,
  type PluginError,
  timeoutError,
  toPluginError,
} from '../../../domain/plugin-error.js'
import { messageOf } from '../../../domain/thrown.js'
import type { SqliteDriver } from './driver.js'

/**
 * What went wrong with a database, by what is done about it. `locked` is tried again until the
 * deadline; a `damaged` file is moved aside when it is next opened; `read-only`, `full` and
 * `failed` become the caller's error. The cause of `unusable` is a `PluginError` that says why
 * there is no database; that of `refused` is what the function of an `update` threw.
 */
export interface SqliteFault {
  readonly kind: 'locked' | 'damaged' | 'read-only' | 'full' | 'failed' | 'unusable' | 'refused'
  readonly cause: unknown
  /** The connection cannot be used any more, because its transaction could not be ended. */
  readonly broken?: true
}

/**
 * Primary result codes of SQLite (sqlite.org/rescode.html). `PROTOCOL` is a race for the locks of a
 * write-ahead log.
 */
const KINDS: Readonly<Record<number, SqliteFault['kind']>> = {
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  11: 'damaged',
  13: 'full',
  15: 'locked',
  26: 'damaged',
}

/** A fault. */
export const fault = (kind: SqliteFault['kind'], cause: unknown): SqliteFault => ({ kind, cause })

/** The fault for a reason why there is no database, as a sentence for the log. */
export const unusable = (error: PluginError): SqliteFault => fault('unusable', error)

/** Runs something that throws what SQLite reports. */
export const trySqlite = <A>(driver: SqliteDriver, f: () => A): Either<SqliteFault, A> =>
  E.tryCatch(f, thrown => faultOf(driver, thrown))

/** Runs something that throws what the file system reports. */
export const tryFile = <A>(f: () => A): Either<SqliteFault, A> =>
  E.tryCatch(f, cause => fault('failed', cause))

/** The fault for what a driver threw. */
export const faultOf = (driver: SqliteDriver, thrown: unknown): SqliteFault =>
  fault(kindOf(driver.codeOf(thrown)), thrown)

/** The kind of fault that a result code of SQLite stands for. */
export const kindOf = (code: number | undefined): SqliteFault['kind'] =>
  code === undefined ? 'failed' : (KINDS[code & 0xff] ?? 'failed')

/**
 * The error that a plugin gets for a fault: `Timeout` for a lock that was held past the deadline,
 * otherwise `Io`. Clients see its message, so the path and what SQLite said are in its cause.
 */
export const errorOf = (file: string, deadlineMs: number, reason: SqliteFault): PluginError => {
  const detail = detailOf(file, reason)
  switch (reason.kind) {
    case 'locked':
      return timeoutError(`the key-value store stayed locked for ${deadlineMs} ms`, detail)
    case 'damaged':
      return ioError('the key-value store is damaged', detail)
    case 'read-only':
      return ioError('nothing can be written to the key-value store: it is read-only', detail)
    case 'full':
      return ioError(
        'nothing can be written to the key-value store: its disk has no room left',
        detail,
      )
    case 'failed':
      return ioError('the key-value store failed', detail)
    case 'unusable':
      return ioError('the key-value store cannot be opened', detail)
    case 'refused':
      return detail
  }
}

/** A fault as an error for the log, with the path, what SQLite said, and what to do. */
export const detailOf = (file: string, { kind, cause }: SqliteFault): PluginError => {
  const reason = messageOf(cause)
  switch (kind) {
    case 'locked':
      return timeoutError(`Another process keeps the database ${file} locked (${reason}).`, cause)
    case 'damaged':
      return ioError(`The database ${file} is damaged (${reason}).`, cause)
    case 'read-only':
      return ioError(
        `Nothing can be written to ${file} (${reason}): the file, its directory or its disk is ` +
          'read-only. Make it writable.',
        cause,
      )
    case 'full':
      return ioError(
        `Nothing can be written to ${file} (${reason}): the disk has no room left. Make some.`,
        cause,
      )
    case 'failed':
      return ioError(`The database ${file} failed (${reason}).`, cause)
    case 'unusable':
    case 'refused':
      return toPluginError(cause)
  }
}
