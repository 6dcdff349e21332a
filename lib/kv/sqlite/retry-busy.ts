import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { SqliteFault } from './driver/fault.js'

const LONGEST_PAUSE_MS = 50

/**
 * Tries until something is not `locked`, or until `deadline` (by `performance.now`), with pauses of
 * 1, 2, 4 … 50 ms. The drivers are synchronous, so SQLite never waits for a lock itself: the event
 * loop runs in the pauses.
 */
export const retryBusy =
  <A>(deadline: number, attempt: TaskEither<SqliteFault, A>): TaskEither<SqliteFault, A> =>
  async () => {
    for (let length = 1; ; length = Math.min(2 * length, LONGEST_PAUSE_MS)) {
      const result = await attempt()
      const left = deadline - performance.now()
      if (E.isRight(result) || result.left.kind !== 'locked' || left <= 0) return result
      await pause(Math.min(length, left))
    }
  }

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))
