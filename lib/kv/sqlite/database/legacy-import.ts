import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { ioError, type PluginError } from '../../../domain/plugin-error.js'
import { decodeText } from '../../../domain/text/decode-text.js'
import { type JsonFault, jsonFaultText, parseTrustedText } from '../../../domain/text/parse-json.js'
import { errorCode, messageOf } from '../../../domain/thrown.js'
import { checkKey, checkValue } from '../../limits.js'

/** The data of an earlier version of a plugin. */
export interface Legacy {
  readonly entries: ReadonlyArray<readonly [key: string, value: string]>
  /** What could not be imported, one sentence each, for the log. */
  readonly problems: ReadonlyArray<string>
}

/** Nothing to import. */
export const NO_LEGACY: Legacy = { entries: [], problems: [] }

/**
 * Reads the file in which a plugin written with the Rust SDK keeps its data: a JSON object of
 * strings.
 *
 * A missing file holds nothing. Neither does one that is no JSON object, and a value that is no
 * string is left out; `problems` says so. A file that cannot be read is an `Io` error: the import
 * happens once, so going on without it would lose the data for good.
 */
export const readLegacy = (file: string): TaskEither<PluginError, Legacy> =>
  pipe(
    TE.tryCatch(
      () => readFile(file),
      cause => cause,
    ),
    TE.match(
      cause =>
        isMissing(cause)
          ? E.right(NO_LEGACY)
          : E.left(
              ioError(
                `The data of an earlier version in ${file} cannot be read ` +
                  `(${messageOf(cause)}): make it readable, or move it away.`,
                cause,
              ),
            ),
      bytes => E.right(parse(file, bytes)),
    ),
  )

const isMissing = (cause: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(errorCode(cause) ?? '')

const parse = (file: string, bytes: Uint8Array): Legacy => {
  const json = pipe(
    decodeText(bytes),
    E.mapLeft(reason => `is not read: ${reason}`),
    E.chain(flow(parseTrustedText, E.mapLeft(faultText))),
  )
  if (E.isLeft(json)) return nothing(`${file} ${json.left}`)
  if (!t.UnknownRecord.is(json.right)) return nothing(`${file} is not a JSON object`)
  const checked = Object.entries(json.right).map(([key, value]) => ({
    key,
    value,
    problem: problemOf(key, value),
  }))
  return {
    entries: checked.flatMap(({ key, value, problem }) =>
      problem === undefined && typeof value === 'string' ? [[key, value] as const] : [],
    ),
    problems: checked.flatMap(({ key, problem }) =>
      problem === undefined
        ? []
        : [`The key ${JSON.stringify(key.slice(0, 64))} of ${file} was not imported: ${problem}`],
    ),
  }
}

const faultText = (fault: JsonFault): string =>
  fault._tag === 'NotJson'
    ? `is not JSON (${fault.reason})`
    : `is not read: ${jsonFaultText(fault)}`

const nothing = (reason: string): Legacy => ({
  entries: [],
  problems: [`${reason}: nothing was imported.`],
})

const problemOf = (key: string, value: unknown): string | undefined =>
  typeof value === 'string'
    ? pipe(
        checkKey(key),
        E.chain(() => checkValue(value)),
        E.match(
          error => error.message,
          () => undefined,
        ),
      )
    : 'its value is not a string.'
