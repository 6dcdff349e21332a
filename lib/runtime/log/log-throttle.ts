import type { Clock } from '../../domain/clock.js'

/** How often each of several things happened. */
export type Counts = Readonly<Record<string, number>>

/** Gathers counts for the log, so that a flood of events does not become a flood of entries. */
export interface LogThrottle {
  /** Counts one event. */
  readonly count: (event: string) => void
}

/** How long counts are gathered before they are reported, in milliseconds. */
const REPORT_AFTER = 1_000

/** A throttle that reports its counts a second after the first event, and then starts again. */
export const makeLogThrottle = (clock: Clock, report: (counts: Counts) => void): LogThrottle => {
  let counts = new Map<string, number>()
  const flush = (): void => {
    const gathered = Object.fromEntries(counts)
    counts = new Map()
    report(gathered)
  }
  return {
    count: event => {
      if (counts.size === 0) clock.after(REPORT_AFTER, flush)
      counts.set(event, (counts.get(event) ?? 0) + 1)
    },
  }
}

/** Counts as a person reads them: `3 idle, 1 too much memory`. */
export const formatCounts = (counts: Counts): string =>
  Object.entries(counts)
    .map(([event, count]) => `${count} ${event}`)
    .join(', ')
