import type { Clock } from '../domain/clock.js'

/** The real clock. It is monotonic, so that deadlines do not move when the system's time is set. */
export const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, f) => {
    const timer = setTimeout(f, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * RFC 3339 timestamps with milliseconds, in UTC. The text is made once a millisecond, because many
 * answers share one.
 */
export const makeTimestamps = (now: () => number = Date.now): (() => string) => {
  let last = Number.NaN
  let text = ''
  return () => {
    const ms = now()
    if (ms !== last) {
      last = ms
      text = new Date(ms).toISOString()
    }
    return text
  }
}
