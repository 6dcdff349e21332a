import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { decodeText } from '../../domain/text/decode-text.js'
import { messageOf } from '../../domain/thrown.js'
import { type CliError, usageError } from '../cli-error.js'

/**
 * The ids in a file of expected failures: one a line, `#` begins a comment. A usage error where the
 * file cannot be read or names an unknown case.
 */
export const readExpectedFailures = (
  file: string,
  known: ReadonlyArray<string>,
): E.Either<CliError, ReadonlyArray<string>> => {
  const text = pipe(
    E.tryCatch(() => readFileSync(file), messageOf),
    E.chain(decodeText),
  )
  if (E.isLeft(text))
    return E.left(
      usageError(
        `the expected failures cannot be read: ${text.left}`,
        'Give a file with the id of a case on each line.',
      ),
    )
  const ids = text.right
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim())
    .filter(line => line !== '')
  const unknown = ids.filter(id => !known.includes(id))
  return unknown.length === 0
    ? E.right(ids)
    : E.left(
        usageError(
          `${file} names unknown cases: ${unknown.join(', ')}`,
          'toru-plugin check --list shows the cases.',
        ),
      )
}
