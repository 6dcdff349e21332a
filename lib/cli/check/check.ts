import { writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import type { Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import type { Terminal } from '../terminal.js'
import { CASES } from './cases/index.js'
import { readExpectedFailures } from './expected-failures.js'
import type { Profile } from './report/finding.js'
import { junitOf } from './report/junit.js'
import { isGood, reportOf } from './report/report.js'
import { tableOf } from './report/table.js'
import type { Case } from './run/case.js'
import { withCleanup } from './run/cleanup.js'
import { runCases } from './run/run-cases.js'
import { targetAt } from './target.js'

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

const MAX_TIMEOUT = 600

/** The cases of a profile, in the order of the report. */
export const casesOf = (profile: Profile): ReadonlyArray<Case> =>
  CASES.filter(({ levels }) => levels[profile] !== undefined)

/**
 * Checks a plugin and shows the findings. Exit code 1 where a case fails that was not expected to,
 * or passes although it was.
 */
export const check =
  (path: string, options: CheckOptions, terminal: Terminal): Work =>
  async () => {
    const { profile } = options
    const seconds = Number(options.timeout)
    if (!(seconds > 0 && seconds <= MAX_TIMEOUT)) {
      return E.left(
        usageError(
          `--timeout ${options.timeout} is not a time`,
          `Give seconds, more than 0 and at most ${MAX_TIMEOUT}.`,
        ),
      )
    }
    const target = targetAt(path)
    if (E.isLeft(target)) return target
    const cases = selected(options)
    if (E.isLeft(cases)) return cases
    const known = CASES.map(({ id }) => id)
    const expected =
      options.expectedFailures === undefined
        ? E.right([])
        : readExpectedFailures(options.expectedFailures, known)
    if (E.isLeft(expected)) return expected

    const begun = performance.now()
    const progress = terminal.progress(`checking ${path}`)
    let over = 0
    const onResult = ({ id }: { readonly id: string }): void =>
      progress.step(`${++over} of ${cases.right.length}: ${id}`)
    const plan = {
      target: target.right,
      profile,
      timeout: seconds * 1_000,
      cases: cases.right,
      onResult,
    }
    const results = await withCleanup(cleanup => runCases(plan, cleanup))
    progress.done(`${over} cases`)

    const report = reportOf(
      target.right,
      profile,
      results,
      expected.right,
      performance.now() - begun,
    )
    if (options.json) terminal.out(JSON.stringify(report, null, 2))
    else for (const line of tableOf(report, terminal.colors)) terminal.out(line)
    const written =
      options.junit === undefined ? E.right(undefined) : write(options.junit, junitOf(report))
    if (E.isLeft(written)) return written
    return E.right(isGood(report) ? EXIT.ok : EXIT.failed)
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
          'toru-plugin check --list shows the cases.',
        ),
      )
}

const write = (file: string, text: string): E.Either<CliError, void> =>
  E.tryCatch(
    () => writeFileSync(file, text),
    thrown =>
      failure(
        `the JUnit XML cannot be written: ${String(thrown)}`,
        'Give --junit a file in a folder that exists and that you may write to.',
      ),
  )
