import { writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { waitForConnection } from '../../plugin-process/wait-for-socket.js'
import { withCleanup } from '../cleanup.js'
import { type CliError, failure, failureOf, usageError } from '../cli-error.js'
import type { Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import { didYouMean } from '../guess.js'
import type { Terminal } from '../terminal.js'
import { timeoutOf } from '../timeout-option.js'
import { CASES } from './cases/index.js'
import { readExpectedFailures } from './expected-failures.js'
import type { Profile } from './report/finding.js'
import { junitOf } from './report/junit.js'
import { isGood, type Report, reportOf } from './report/report.js'
import { tableOf } from './report/table.js'
import type { Case } from './run/case.js'
import { runCases } from './run/run-cases.js'
import { type Target, targetAt } from './target.js'

/** The options of `toru-plugin check`. */
export interface CheckOptions {
  readonly profile: Profile
  /** Seconds, as typed. */
  readonly timeout: string
  readonly case: ReadonlyArray<string>
  readonly json: boolean
  readonly junit?: string
  readonly expectedFailures?: string
}

/** In seconds. */
const MAX_TIMEOUT = 600

/** The cases of a profile, in the order of the report. */
export const casesOf = (profile: Profile): ReadonlyArray<Case> =>
  CASES.filter(({ levels }) => levels[profile] !== undefined)

/**
 * Checks a plugin and shows the findings. Exit code 1 where a case fails that was not expected to,
 * or passes although it was.
 */
export const check = (path: string, options: CheckOptions, terminal: Terminal): Work =>
  pipe(
    TE.fromEither(checkedOptions(path, options)),
    TE.chainFirst(({ target }) => listening(target)),
    TE.chain(checked => reportOn(path, options.profile, checked, terminal)),
    TE.chainFirstEitherK(report => show(report, options, terminal)),
    TE.map(report => (isGood(report) ? EXIT.ok : EXIT.failed)),
  )

/** The options after they were checked. */
interface CheckedOptions {
  /** In milliseconds. */
  readonly timeout: number
  readonly target: Target
  readonly cases: ReadonlyArray<Case>
  /** The ids of the cases that are expected to fail. */
  readonly expected: ReadonlyArray<string>
}

const checkedOptions = (path: string, options: CheckOptions): E.Either<CliError, CheckedOptions> =>
  pipe(
    E.Do,
    E.bind('timeout', () => timeoutOf(options.timeout, MAX_TIMEOUT)),
    E.bind('target', () => targetAt(path)),
    E.bind('cases', () => selected(options)),
    E.bind('expected', () =>
      options.expectedFailures === undefined
        ? E.right([])
        : readExpectedFailures(
            options.expectedFailures,
            CASES.map(({ id }) => id),
          ),
    ),
  )

/** A socket that nobody listens on would fail every case. */
const listening = (target: Target): TE.TaskEither<CliError, void> =>
  target._tag === 'File'
    ? TE.right(undefined)
    : pipe(
        TE.fromTask(() => waitForConnection(target.path, { timeout: 1_000, isOver: () => true })),
        TE.filterOrElse(
          accepted => accepted,
          () =>
            failure(
              `nobody listens on ${target.path}`,
              'Start the plugin again, or name its file, which is then started.',
            ),
        ),
        TE.map(() => undefined),
      )

const reportOn = (
  path: string,
  profile: Profile,
  { timeout, target, cases, expected }: CheckedOptions,
  terminal: Terminal,
): TE.TaskEither<CliError, Report> =>
  terminal.progress(`Checking ${path}`, step => async () => {
    const begun = performance.now()
    let over = 0
    const onResult = ({ id }: { readonly id: string }): void =>
      step(`Checking ${path}: ${++over} of ${cases.length}, ${id}`)
    const results = await withCleanup(cleanup =>
      runCases({ target, profile, timeout, cases, onResult }, cleanup),
    )
    return E.right(reportOf(target, profile, results, expected, performance.now() - begun))
  })

const show = (
  report: Report,
  { json, junit }: CheckOptions,
  terminal: Terminal,
): E.Either<CliError, void> => {
  if (json) terminal.out(JSON.stringify(report, null, 2))
  else for (const line of tableOf(report, terminal.colors)) terminal.out(line)
  return junit === undefined ? E.right(undefined) : write(junit, junitOf(report))
}

/** Shows the cases of a profile without running any. */
export const list =
  (profile: Profile, json: boolean, terminal: Terminal): Work =>
  async () => {
    const cases = casesOf(profile).map(({ id, title, levels, needs, after }) => ({
      id,
      title,
      level: levels[profile],
      needs,
      after,
    }))
    const width = Math.max(...cases.map(({ id }) => id.length))
    if (json) terminal.out(JSON.stringify(cases, null, 2))
    else
      for (const { id, title, level } of cases)
        terminal.out(`${id.padEnd(width)}  ${String(level).padEnd(7)}  ${title}`)
    return E.right(EXIT.ok)
  }

const selected = ({
  profile,
  case: ids,
}: CheckOptions): E.Either<CliError, ReadonlyArray<Case>> => {
  const all = casesOf(profile)
  if (ids.length === 0) return E.right(all)
  const unknown = ids.filter(id => !all.some(one => one.id === id))
  return unknown.length === 0
    ? E.right(all.filter(({ id }) => ids.includes(id)))
    : E.left(
        usageError(
          `the profile ${profile} has no case ${unknown.join(', ')}`,
          didYouMean(
            unknown[0] ?? '',
            all.map(({ id }) => id),
            'toru-plugin check --list shows the cases.',
          ),
        ),
      )
}

const write = (file: string, text: string): E.Either<CliError, void> =>
  E.tryCatch(
    () => writeFileSync(file, text),
    thrown =>
      failureOf(
        'the JUnit XML cannot be written',
        thrown,
        'Give --junit a file in a folder that exists and that you may write to.',
      ),
  )
