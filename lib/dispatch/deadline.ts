import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { PluginError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { Environment } from './capabilities.js'

/** How long a program may take, and what happens if it takes longer. */
export interface Deadline<R> {
  readonly ms: number
  /** Makes the error that the program yields when the time is over. */
  readonly expired: (r: R) => PluginError
  /** Called with the result of the program when it comes too late. */
  readonly late: (result: Either<PluginError, unknown>, afterMs: number, r: R) => void
}

/** Limits the time of a program. There is no timer for a result that is there at once. */
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
