import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type PluginError, toPluginError } from './plugin-error.js'

/**
 * An answer that is there already, or will be: an `Either`, or a promise of one that never rejects.
 *
 * It is the `TaskEither` of the hot path. A handler that answers at once costs no promise and no
 * turn of the event loop; everything else is a `Promise<Either<PluginError, A>>`, which is what
 * running a `TaskEither` gives.
 */
export type Outcome<A> = Either<PluginError, A> | Promise<Either<PluginError, A>>

/** Whether an outcome, or any value that a handler returned, is still to come. */
export const isPending = (u: unknown): u is PromiseLike<unknown> =>
  typeof u === 'object' && u !== null && 'then' in u && typeof u.then === 'function'

/**
 * Goes on with the `Either` of an outcome: at once where it is there, later where it is not. `f`
 * must not throw.
 */
export const andThen = <A, B>(
  outcome: Outcome<A>,
  f: (result: Either<PluginError, A>) => Outcome<B>,
): Outcome<B> => (outcome instanceof Promise ? outcome.then(f) : f(outcome))

/** An outcome as a `TaskEither`, for authors who compose middleware from pipes. */
export const toTaskEither =
  <A>(outcome: () => Outcome<A>): TaskEither<PluginError, A> =>
  () =>
    Promise.resolve(outcome())

/** Runs something that may throw or reject, and yields its value as an outcome. */
export const attempt = <A>(f: () => A | PromiseLike<A>): Outcome<A> => {
  try {
    const value = f()
    return isPending(value) ? settle(value) : E.right(value)
  } catch (thrown) {
    return E.left(toPluginError(thrown))
  }
}

/** A promise that may reject, as one that does not. */
export const settle = <A>(promise: PromiseLike<A>): Promise<Either<PluginError, A>> =>
  Promise.resolve(promise).then(
    value => E.right(value),
    reason => E.left(toPluginError(reason)),
  )
