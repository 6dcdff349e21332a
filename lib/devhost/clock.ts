/** The host's time, which tests can replace. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls `run` once after `ms` milliseconds. Returns the function that cancels it. */
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
