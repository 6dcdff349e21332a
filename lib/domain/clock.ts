/** A monotonic clock. Tests use one that they move by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment, never going backwards. */
  readonly now: () => number
  /** Calls `f` once after `ms` milliseconds, unless the returned function is called first. */
  readonly after: (ms: number, f: () => void) => () => void
}
