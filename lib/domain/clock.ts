/**
 * Time, as the core needs it. The shell gives a monotonic clock; tests give one that they move by
 * hand.
 */
export interface Clock {
  /** Milliseconds since some fixed moment, never going backwards. */
  readonly now: () => number
  /**
   * Calls `f` once after `ms` milliseconds, unless the function that it returns is called first.
   */
  readonly after: (ms: number, f: () => void) => () => void
}
