import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { ioError, messageOf, type PluginError } from '../../../domain/plugin-error.js'
import type { SqliteDriver, SqliteDriverName } from './driver.js'
import { libsql } from './libsql.js'
import { nodeSqlite } from './node-sqlite.js'

const MEND = 'Use Node.js 22.13 or newer, or run `npm install libsql`.'

/**
 * Loads a way to SQLite: the one that is named, otherwise `node:sqlite` where Node.js has it,
 * otherwise the package `libsql`. Loaded on first use, for it costs a start-up some milliseconds.
 * An `Io` error says what to install where there is neither.
 */
export const loadDriver = async (
  name?: SqliteDriverName,
): Promise<Either<PluginError, SqliteDriver>> => {
  const builtin = name === 'libsql' ? undefined : nodeSqlite()
  if (builtin !== undefined) return E.right(builtin)
  if (name === 'node:sqlite')
    return E.left(ioError(`Node.js ${process.version} has no SQLite of its own. ${MEND}`))
  try {
    const driver = await libsql()
    return driver === undefined
      ? E.left(ioError(`The package libsql is not the one that is meant. ${MEND}`))
      : E.right(driver)
  } catch (cause) {
    return E.left(
      ioError(
        `There is no SQLite for the key-value store: ${firstLine(messageOf(cause))}. ${MEND}`,
        cause,
      ),
    )
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
