import * as E from 'fp-ts/lib/Either.js'
import { andThen } from '../domain/outcome.js'
import type { Recurring } from '../reflect/declaration.js'
import type { Capabilities } from './capabilities.js'
import { called } from './returned.js'

/** The methods that run in the background. */
export interface Background {
  /** Begins to count the intervals. Further calls do nothing. */
  readonly start: () => void
  /** No run begins any more; one that has begun goes on. */
  readonly stop: () => void
  /** The runs that have not ended. */
  readonly runs: ReadonlySet<Promise<unknown>>
}

/**
 * Runs every method at its interval, on the clock it is given: in tests that is one which they move
 * by hand.
 */
export const makeBackground = (
  recurring: ReadonlyArray<Recurring>,
  { clock, log, ready }: Capabilities,
): Background => {
  const waiting = new Map<Recurring, () => void>()
  const runs = new Set<Promise<unknown>>()
  let state: 'new' | 'running' | 'stopped' = 'new'

  const schedule = (method: Recurring, ms: number): void => {
    if (state !== 'running') return
    waiting.set(
      method,
      clock.after(ms, () => run(method)),
    )
  }

  const run = (method: Recurring): void => {
    const begun = clock.now()
    const outcome = andThen(ready(), ctx =>
      E.isLeft(ctx) ? ctx : called(ctx.right, () => method.call(ctx.right)),
    )
    const ended = (
      result: E.Either<{ readonly message: string; readonly cause?: unknown }, unknown>,
    ): void => {
      if (E.isLeft(result)) {
        const { message, cause } = result.left
        log.error(
          cause === undefined ? {} : { error: cause },
          `${method.handlerName}, every ${method.interval}, failed: ${message}`,
        )
      }
      schedule(method, method.ms - ((clock.now() - begun) % method.ms))
    }
    if (!(outcome instanceof Promise)) return ended(outcome)
    runs.add(outcome)
    outcome.then(result => {
      runs.delete(outcome)
      ended(result)
    })
  }

  return {
    runs,
    start: () => {
      if (state !== 'new') return
      state = 'running'
      for (const method of recurring) schedule(method, method.ms)
    },
    stop: () => {
      state = 'stopped'
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
    },
  }
}
