import type { Clock } from '../domain/clock.js'
import { type Duration, millisecondsOf } from '../domain/duration.js'

/**
 * A clock that stands still until a test moves it. Deadlines and `@Every` of a plugin under test
 * follow it; what an author's own code does with `setTimeout` or `Date` does not, unless it is
 * given `clock.now`.
 */
export interface TestClock extends Clock {
  /**
   * Lets time pass: everything that falls due on the way is called in its order, and what it began
   * in the background has ended when the promise resolves. Rejects for what is no duration. Moves
   * that are asked for at once follow one another.
   */
  readonly advance: (duration: Duration) => Promise<void>
  /**
   * Has `settle` waited for before time moves and after every call that falls due; the function
   * that it returns ends that.
   */
  readonly join: (settle: () => Promise<void>) => () => void
}

interface Timer {
  readonly at: number
  readonly f: () => void
}

/**
 * A {@link TestClock} that shows `start` milliseconds: 0 unless said. Give it to `testPlugin` where
 * a plugin's own code needs the same time.
 */
export const testClock = (start = 0): TestClock => {
  let now = start
  let moving = Promise.resolve()
  const timers = new Set<Timer>()
  const settles = new Set<() => Promise<void>>()

  const settled = async (): Promise<void> => {
    for (const settle of settles) await settle()
  }
  const due = (until: number): Timer | undefined =>
    [...timers]
      .filter(({ at }) => at <= until)
      .reduce<Timer | undefined>(
        (first, timer) => (first && first.at <= timer.at ? first : timer),
        undefined,
      )

  const move = async (ms: number): Promise<void> => {
    const until = now + ms
    await settled()
    for (let timer = due(until); timer !== undefined; timer = due(until)) {
      timers.delete(timer)
      now = Math.max(now, timer.at)
      timer.f()
      await settled()
    }
    now = until
  }

  return {
    now: () => now,
    after: (ms, f) => {
      const timer = { at: now + ms, f }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: duration => {
      const ms = millisecondsOf(duration)
      if (ms === undefined)
        return Promise.reject(
          new RangeError(
            `expected a duration of 1 ms to 24 days, such as '5 m', got ${String(duration)}`,
          ),
        )
      moving = moving.then(() => move(ms))
      return moving
    },
    join: settle => {
      settles.add(settle)
      return () => settles.delete(settle)
    },
  }
}
