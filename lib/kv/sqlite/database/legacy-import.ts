import { readFile } from 'node:fs/promises'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { ioError, messageOf, type PluginError } from '../../../domain/plugin-error.js'
import { checkKey, checkValue } from '../../limits.js'

/** What a file of an earlier plugin holds. */
export interface Legacy {
  readonly entries: ReadonlyArray<readonly [key: string, value: string]>
  /** What could not be taken over, one sentence each, for the log. */
  readonly problems: ReadonlyArray<string>
}

const NOTHING: Legacy = { entries: [], problems: [] }

/**
 * Reads the file in which a plugin written with the Rust SDK keeps its data: a JSON object of
 * strings. A missing file holds nothing. A file that is no such object holds nothing either, as for
 * those plugins, and a value that is no string is left out; `problems` says so. A file that is
 * there and cannot be read is an `Io` error: to go on without it would lose the data for good, for
 * it is imported only once.
 */
export const readLegacy = async (file: string): Promise<Either<PluginError, Legacy>> => {
  try {
    return E.right(parse(file, await readFile(file, 'utf8')))
  } catch (cause) {
    return isAbsent(cause)
      ? E.right(NOTHING)
      : E.left(
          ioError(
            `The data of an earlier version in ${file} cannot be read (${messageOf(cause)}): make it readable, or move it away.`,
            cause,
          ),
        )
  }
}

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')

const parse = (file: string, text: string): Legacy => {
  const json = E.tryCatch((): unknown => JSON.parse(text), messageOf)
  if (E.isLeft(json))
    return { entries: [], problems: [`${file} is not JSON (${json.left}): nothing was imported.`] }
  if (!t.UnknownRecord.is(json.right))
    return { entries: [], problems: [`${file} is not a JSON object: nothing was imported.`] }
  const judged = Object.entries(json.right).map(([key, value]) => ({
    key,
    value,
    problem: problemOf(key, value),
  }))
  return {
    entries: judged.flatMap(({ key, value, problem }) =>
      problem === undefined && typeof value === 'string' ? [[key, value] as const] : [],
    ),
    problems: judged.flatMap(({ key, problem }) =>
      problem === undefined
        ? []
        : [`The key ${JSON.stringify(key.slice(0, 64))} of ${file} was not imported: ${problem}`],
    ),
  }
}

const problemOf = (key: string, value: unknown): string | undefined => {
  if (typeof value !== 'string') return 'its value is not a string.'
  const checked = E.isLeft(checkKey(key)) ? checkKey(key) : checkValue(value)
  return E.isLeft(checked) ? checked.left.message : undefined
}
