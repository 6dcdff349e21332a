import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { withCleanup } from '../cleanup.js'
import { type CliError, failure } from '../cli-error.js'
import { casesOf } from './check.js'
import { runCases } from './run/run-cases.js'
import { targetAt } from './target.js'

/** How long an answer may take, in milliseconds, as in `check` without --timeout. */
const TIMEOUT = 5_000

/**
 * Runs the cases of the profile `host` on a plugin's file. Left with every error, with what was
 * expected and what came; warnings and notes do not count. `step` is called with the progress.
 */
export const fitForHost =
  (file: string, step: (text: string) => void): TaskEither<CliError, void> =>
  async () => {
    const target = targetAt(file)
    if (E.isLeft(target)) return target
    const cases = casesOf('host')
    let over = 0
    const onResult = ({ id }: { readonly id: string }): void =>
      step(`Checking it: ${++over} of ${cases.length}, ${id}`)
    const results = await withCleanup(cleanup =>
      runCases(
        { target: target.right, profile: 'host', timeout: TIMEOUT, cases, onResult },
        cleanup,
      ),
    )
    const errors = results.flatMap(({ findings }) =>
      findings.filter(({ level }) => level === 'error'),
    )
    return errors.length === 0
      ? E.right(undefined)
      : E.left(
          failure(
            `a host could not use ${file}:\n${errors.map(found => `  ${found.case}: expected ${found.expected}; got ${found.got}`).join('\n')}`,
            `toru-plugin check ${file} says more. --no-check installs it without this check.`,
          ),
        )
  }
