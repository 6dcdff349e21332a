import * as E from 'fp-ts/lib/Either.js'
import { type CliError, usageError } from './cli-error.js'

/** The longest time of a timer, in seconds. */
export const MAX_TIMER = 2_147_483

/** The milliseconds of a `--timeout`, which is given in seconds, at most `most` of them. */
export const timeoutOf = (text: string, most: number): E.Either<CliError, number> => {
  const seconds = Number(text)
  return seconds > 0 && seconds <= most
    ? E.right(seconds * 1_000)
    : E.left(
        usageError(
          `--timeout ${text}: expected seconds, more than 0 and at most ${most}`,
          'For example: --timeout 10',
        ),
      )
}
