/**
 * Whose rules a plugin is measured by: those of today's host, or those that the host's pages
 * promise.
 */
export type Profile = 'host' | 'documented'

/** How much a fault matters: the host would fail; it works today but is at risk; worth knowing. */
export type Level = 'error' | 'warning' | 'note'

/** What a case has seen and should not have. */
export interface Fault {
  readonly expected: string
  readonly got: string
  /** What to do about it, as a sentence. */
  readonly advice: string
  /** In the place of the level of the case. */
  readonly level?: Level
}

/** A fault with the place where it was found and how much it matters. */
export interface Finding extends Fault {
  /** The id of the case. */
  readonly case: string
  readonly level: Level
}

/**
 * What became of a case. `failed` means that it has at least one error; warnings and notes leave it
 * `passed`.
 */
export interface CaseResult {
  readonly id: string
  readonly title: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly findings: ReadonlyArray<Finding>
  /** Why it was skipped. */
  readonly reason?: string
  /** Milliseconds that it took, without the time in which it waited for its turn. */
  readonly ms: number
}

/** The faults of a case that has seen one. */
export const fault = (
  expected: string,
  got: string,
  advice: string,
  level?: Level,
): ReadonlyArray<Fault> => [
  level === undefined ? { expected, got, advice } : { expected, got, advice, level },
]

/** The faults of a case that has seen none. */
export const NONE: ReadonlyArray<Fault> = []
