/** Whose rules a plugin is checked by: today's host, or the host's documentation. */
export type Profile = 'host' | 'documented'

/**
 * How much a fault matters. `error`: the host fails. `warning`: it works today and may stop to.
 * `note`: worth knowing.
 */
export type Level = 'error' | 'warning' | 'note'

/** What a case found wrong. */
export interface Fault {
  readonly expected: string
  readonly got: string
  /** What to do about it. */
  readonly advice: string
  /** Instead of the level of the case. */
  readonly level?: Level
}

/** A fault, the case that found it, and its level. */
export interface Finding extends Fault {
  /** The id of the case. */
  readonly case: string
  readonly level: Level
}

/** The result of a case. It `failed` if it has an error; with warnings and notes it `passed`. */
export interface CaseResult {
  readonly id: string
  readonly title: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly findings: ReadonlyArray<Finding>
  /** Why it was skipped. */
  readonly reason?: string
  /** How long it ran, in milliseconds. */
  readonly ms: number
}

/** A single fault. */
export const fault = (
  expected: string,
  got: string,
  advice: string,
  level?: Level,
): ReadonlyArray<Fault> => [
  level === undefined ? { expected, got, advice } : { expected, got, advice, level },
]

/** No faults. */
export const NONE: ReadonlyArray<Fault> = []

/**
 * The first of the faults that a general check found, told as what it means to a case: what came
 * stays, what was expected and the advice are the case's own.
 */
export const restated = (
  [first]: ReadonlyArray<Fault>,
  expected: string,
  advice: string,
): ReadonlyArray<Fault> => (first === undefined ? NONE : fault(expected, first.got, advice))
