import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { SqliteFault } from './driver/fault.js'

/** Milliseconds since some moment, by a clock that nobody sets back. */
export const now = (): number => performance.now()

const LONGEST_PAUSE = 50

/**
 * Tries until something is not `locked`, or until `deadline` (by {@link now}), with pauses of 1, 2,
 * 4 … 50 ms. The drivers are synchronous, so SQLite never waits for a lock itself: the event loop
 * runs in the pauses.
 */
export const patiently = async <A>(
  deadline: number,
  attempt: () => Promise<Either<SqliteFault, A>> | Either<SqliteFault, A>,
): Promise<Either<SqliteFault, A>> => {
  for (let length = 1; ; length = Math.min(2 * length, LONGEST_PAUSE)) {
    const result = await attempt()
    const left = deadline - now()
    if (E.isRight(result) || result.left.kind !== 'locked' || left <= 0) return result
    await pause(Math.min(length, left))
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

/** What a promise yields before the deadline, otherwise `late()`. The promise goes on. */
export const before = <A>(deadline: number, promise: Promise<A>, late: () => A): Promise<A> =>
  new Promise(resolve => {
    const timer = setTimeout(() => resolve(late()), Math.max(0, deadline - now()))
    void promise.then(value => {
      clearTimeout(timer)
      resolve(value)
    })
  })
