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
 * `failed` become the caller's error. The cause of `refused` is a `PluginError` already, or what
 * the function of an `update` threw.
 */
export interface SqliteFault {
  readonly kind: 'locked' | 'damaged' | 'read-only' | 'full' | 'failed' | 'refused'
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

/** The fault for an error that the caller gets as it is. */
export const refused = (error: PluginError): SqliteFault => fault('refused', error)

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
 * otherwise `Io`, always with the cause and the file.
 */
export const errorOf = (
  file: string,
  deadlineMs: number,
  { kind, cause }: SqliteFault,
): PluginError => {
  const reason = messageOf(cause)
  switch (kind) {
    case 'locked':
      return timeoutError(
        `The database ${file} stayed locked for ${deadlineMs} ms (${reason}).`,
        cause,
      )
    case 'damaged':
      return ioError(`The database ${file} is damaged (${reason}).`, cause)
    case 'read-only':
      return ioError(
        `Nothing can be written to ${file} (${reason}): ` +
          'the file, its directory or its disk is read-only.',
        cause,
      )
    case 'full':
      return ioError(
        `Nothing can be written to ${file} (${reason}): the disk has no room left.`,
        cause,
      )
    case 'failed':
      return ioError(`The database ${file} failed (${reason}).`, cause)
    case 'refused':
      return toPluginError(cause)
  }
}
