import type { Clock } from '../domain/clock.js'
import { type Duration, millisecondsOf } from '../domain/duration.js'

/**
 * A clock that stands still until a test moves it. Deadlines, `@Every` and `ctx.clock` of a plugin
 * under test follow it. `setTimeout` and `Date` in an author's own code do not.
 */
export interface TestClock extends Clock {
  /**
   * Moves the clock. What falls due on the way is called in its order, and what it started in the
   * background has ended when the promise resolves. Rejects for what is not a duration. Of several
   * moves one follows the other.
   */
  readonly advance: (duration: Duration) => Promise<void>
  /**
   * Waits for `settle` before time moves and after every call that falls due, until the returned
   * function is called.
   */
  readonly join: (settle: () => Promise<void>) => () => void
}

interface Timer {
  readonly at: number
  readonly f: () => void
}

/**
 * A {@link TestClock} that starts at `start` milliseconds, 0 by default. Pass it to `testPlugin` if
 * code of the plugin needs the same time.
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
