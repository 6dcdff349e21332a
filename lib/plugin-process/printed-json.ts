import { type JsonFault, parseTrustedText } from '../domain/text/parse-json.js'
import { E, pipe, t } from '../fp.js'

/** What a plugin printed: the JSON that it was asked for, and what else stood on stdout. */
export interface PrintedJson {
  readonly json: unknown
  /** The other lines. A host parses all of stdout, so it cannot use a plugin that prints any. */
  readonly noise: ReadonlyArray<string>
}

/**
 * Reads what a plugin printed. `answer` is what it wrote to the descriptor that it was given for
 * that, and empty for a plugin that does not know of it. Then the JSON is an object on stdout that
 * begins and ends with a line: the last one with this key, or else the last one.
 */
export const printedJson = (
  stdout: string,
  answer: string,
  key: string,
): E.Either<JsonFault, PrintedJson> =>
  answer === ''
    ? pipe(
        parseTrustedText(stdout),
        E.map((json): PrintedJson => ({ json, noise: [] })),
        E.orElse(fault => {
          const objects = fault._tag === 'NotJson' ? objectsIn(stdout.split('\n')) : []
          const found = objects.find(({ json }) => t.UnknownRecord.is(json) && key in json)
          return E.fromNullable(fault)(found ?? objects[0])
        }),
      )
    : pipe(
        parseTrustedText(answer),
        E.map((json): PrintedJson => ({ json, noise: linesIn(stdout.replace(answer, '')) })),
      )

/** How many beginnings and ends are tried: each costs a look at what is between them. */
const MAX_TRIED = 50

/** The objects that begin and end with a line, the last one first. */
const objectsIn = (lines: ReadonlyArray<string>): ReadonlyArray<PrintedJson> => {
  const begins = indicesOf(lines, line => line.startsWith('{')).slice(-MAX_TRIED)
  const ends = indicesOf(lines, line => line.trimEnd().endsWith('}')).slice(-MAX_TRIED)
  return begins.reverse().flatMap(begin =>
    ends
      .filter(end => end >= begin)
      .flatMap(end =>
        pipe(
          parseTrustedText(lines.slice(begin, end + 1).join('\n')),
          E.match(
            () => [],
            json => [{ json, noise: lines.toSpliced(begin, end + 1 - begin).filter(isWritten) }],
          ),
        ),
      ),
  )
}

const indicesOf = (
  lines: ReadonlyArray<string>,
  fits: (line: string) => boolean,
): ReadonlyArray<number> => lines.flatMap((line, index) => (fits(line) ? [index] : []))

const linesIn = (text: string): ReadonlyArray<string> => text.split('\n').filter(isWritten)

const isWritten = (line: string): boolean => line.trim() !== ''
