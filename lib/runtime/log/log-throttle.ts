import type { Clock } from '../../domain/clock.js'

/** How often each of some things happened. */
export type Counts = Readonly<Record<string, number>>

/**
 * Counts what happens often, to say it seldom: a flood of connections must not become a flood of
 * log entries.
 */
export interface Tally {
  /** One more of this. */
  readonly count: (what: string) => void
}

/** How long counts are gathered before they are told, in milliseconds. */
const TELL_AFTER = 1_000

/** A tally that tells its counts a second after the first of them, and then begins anew. */
export const makeTally = (clock: Clock, tell: (counts: Counts) => void): Tally => {
  let counts = new Map<string, number>()
  return {
    count: what => {
      if (counts.size === 0) {
        clock.after(TELL_AFTER, () => {
          const told = Object.fromEntries(counts)
          counts = new Map()
          tell(told)
        })
      }
      counts.set(what, (counts.get(what) ?? 0) + 1)
    },
  }
}

/** Counts as a person reads them: `3 idle, 1 too much memory`. */
export const told = (counts: Counts): string =>
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')
