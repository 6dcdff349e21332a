import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { PluginError } from '../domain/plugin-error.js'
import type { Clock } from './capabilities.js'

/** What to do with a result that does not come in time. */
export interface Deadline {
  readonly ms: number
  /** What the caller gets instead. */
  readonly expired: () => PluginError
  /** Called with the result that came after all, when nobody wants it any more. */
  readonly late: (result: Either<PluginError, unknown>, afterMs: number) => void
}

/** A result that is there after `ms` at the latest. */
export const within = <A>(
  clock: Clock,
  deadline: Deadline,
  outcome: Promise<Either<PluginError, A>>,
): Promise<Either<PluginError, A>> => {
  const begun = clock.now()
  return new Promise(resolve => {
    let waiting = true
    const cancel = clock.after(deadline.ms, () => {
      waiting = false
      resolve(E.left(deadline.expired()))
    })
    outcome.then(result => {
      if (!waiting) return deadline.late(result, clock.now() - begun)
      cancel()
      resolve(result)
    })
  })
}
