import type { Target } from '../target.js'
import type { CaseResult, Level, Profile } from './finding.js'

/** The results of a run. */
export interface Report {
  readonly target: string
  readonly kind: 'file' | 'socket'
  readonly profile: Profile
  readonly cases: ReadonlyArray<ReportedCase>
  readonly summary: Summary
}

/**
 * A case in a report. `expected`: it failed, as the file of expected failures says. `stale`: it
 * passed, although that file says that it fails.
 */
export interface ReportedCase extends Omit<CaseResult, 'status'> {
  readonly status: CaseResult['status'] | 'expected' | 'stale'
}

/** Counts, in which the findings of cases that were expected to fail are left out. */
export interface Summary {
  readonly cases: number
  readonly passed: number
  readonly failed: number
  readonly expected: number
  readonly stale: number
  readonly skipped: number
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  readonly ms: number
}

/** Makes a report of the results of a run. `expected` has the ids of expected failures. */
export const reportOf = (
  target: Target,
  profile: Profile,
  results: ReadonlyArray<CaseResult>,
  expected: ReadonlyArray<string>,
  ms: number,
): Report => {
  const cases = results.map(
    (result): ReportedCase => ({
      ...result,
      status: statusOf(result, expected.includes(result.id)),
    }),
  )
  const count = (status: ReportedCase['status']): number =>
    cases.filter(one => one.status === status).length
  const findings = (level: Level): number =>
    cases
      .filter(({ status }) => status !== 'expected')
      .flatMap(one => one.findings.filter(found => found.level === level)).length
  return {
    target: target._tag === 'File' ? target.file : target.path,
    kind: target._tag === 'File' ? 'file' : 'socket',
    profile,
    cases,
    summary: {
      cases: cases.length,
      passed: count('passed'),
      failed: count('failed'),
      expected: count('expected'),
      stale: count('stale'),
      skipped: count('skipped'),
      errors: findings('error'),
      warnings: findings('warning'),
      notes: findings('note'),
      ms: Math.round(ms),
    },
  }
}

/** Whether the command ends with exit code 0. */
export const isGood = ({ summary }: Report): boolean => summary.failed === 0 && summary.stale === 0

/** What is wrong with a stale case, for people. */
export const STALE = 'it passes: remove it from the file of expected failures'

const statusOf = ({ status }: CaseResult, isExpected: boolean): ReportedCase['status'] => {
  if (!isExpected) return status
  return status === 'failed' ? 'expected' : status === 'passed' ? 'stale' : status
}
