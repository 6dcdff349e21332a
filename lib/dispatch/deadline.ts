import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { PluginError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { Environment } from './capabilities.js'

/** What to do with a result that does not come in time. */
export interface Deadline<R> {
  readonly ms: number
  /** Makes the error that the caller gets instead. */
  readonly expired: (r: R) => PluginError
  /** Called with the result that came after all, when nobody wants it any more. */
  readonly late: (result: Either<PluginError, unknown>, afterMs: number, r: R) => void
}

/** Bounds the time of a program. One that yields at once has no timer. */
export const deadline = <R extends Environment>({
  ms,
  expired,
  late,
}: Deadline<R>): (<A>(ma: P.Program<R, A>) => P.Program<R, A>) =>
  P.whenPending((pending, r) => {
    const { clock } = r.capabilities
    const begun = clock.now()
    return new Promise(resolve => {
      let waiting = true
      const cancel = clock.after(ms, () => {
        waiting = false
        resolve(E.left(expired(r)))
      })
      pending.then(result => {
        if (!waiting) return late(result, clock.now() - begun, r)
        cancel()
        resolve(result)
      })
    })
  })
