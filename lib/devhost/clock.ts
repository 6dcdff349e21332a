/** Time as the host uses it, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Runs something once after so many milliseconds; gives back what calls it off. */
  readonly after: (ms: number, run: () => void) => () => void
}

/** The system's time. */
export const systemClock: Clock = {
  now: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
