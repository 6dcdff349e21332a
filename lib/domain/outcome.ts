import type { Applicative1 } from 'fp-ts/lib/Applicative.js'
import type { Apply1 } from 'fp-ts/lib/Apply.js'
import type { Chain1 } from 'fp-ts/lib/Chain.js'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { FromEither1 } from 'fp-ts/lib/FromEither.js'
import type { Functor1 } from 'fp-ts/lib/Functor.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Monad1 } from 'fp-ts/lib/Monad.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type PluginError, toPluginError } from './plugin-error.js'

/**
 * A result that is there already, or will be: an `Either`, or a promise of one that never rejects.
 *
 * It takes the place of `TaskEither` where speed matters: a handler that answers at once costs no
 * promise and no turn of the event loop. Anything else is a `Promise<Either<PluginError, A>>`, as a
 * `TaskEither` returns it.
 */
export type Outcome<A> = Either<PluginError, A> | Promise<Either<PluginError, A>>

/** A value that is there already, or a promise of one. */
export type Eventual<A> = A | Promise<A>

// -------------------------------------------------------------------------------------------------
// constructors
// -------------------------------------------------------------------------------------------------

/** A right result. */
export const of = <A>(a: A): Outcome<A> => E.right(a)

/** An `Either` as an outcome. The left side becomes a `PluginError` if it is not one. */
export const fromEither = <A>(fa: Either<unknown, A>): Outcome<A> => E.mapLeft(toPluginError)(fa)

/** Runs a function that may throw or reject, and yields its result as an outcome. */
export const attempt = <A>(f: () => A | PromiseLike<A>): Outcome<A> => {
  try {
    const value = f()
    return isPending(value) ? settle(value) : E.right(value)
  } catch (thrown) {
    return E.left(toPluginError(thrown))
  }
}

/** Turns the rejection of a promise into a left side. */
export const settle = <A>(promise: PromiseLike<A>): Promise<Either<PluginError, A>> =>
  Promise.resolve(promise).then(
    value => E.right(value),
    reason => E.left(toPluginError(reason)),
  )

/** Whether a value that a handler returned is still to come. */
export const isPending = (u: unknown): u is PromiseLike<unknown> =>
  typeof u === 'object' && u !== null && 'then' in u && typeof u.then === 'function'

// -------------------------------------------------------------------------------------------------
// pipeable functions
// -------------------------------------------------------------------------------------------------

/** Maps the value. */
export const map = <A, B>(f: (a: A) => B): ((fa: Outcome<A>) => Outcome<B>) => {
  const mapped = E.map<A, B>(f)
  return fa => andThen(fa, mapped)
}

/** Applies a function in an outcome to a value in an outcome. */
export const ap =
  <A>(fa: Outcome<A>) =>
  <B>(fab: Outcome<(a: A) => B>): Outcome<B> =>
    pipe(
      fab,
      chain(f => map(f)(fa)),
    )

/** Continues with the value. */
export const chain =
  <A, B>(f: (a: A) => Outcome<B>) =>
  (fa: Outcome<A>): Outcome<B> =>
    andThen(fa, result => (E.isLeft(result) ? result : f(result.right)))

/** Maps both sides to a value. */
export const match =
  <A, B>(onLeft: (error: PluginError) => B, onRight: (a: A) => B) =>
  (fa: Outcome<A>): Eventual<B> =>
    fa instanceof Promise ? fa.then(E.match(onLeft, onRight)) : E.match(onLeft, onRight)(fa)

/**
 * Continues with the `Either` of an outcome, at once if it is there already. `f` must not throw.
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

// -------------------------------------------------------------------------------------------------
// instances
// -------------------------------------------------------------------------------------------------

/** The name of {@link Outcome} among the type constructors of fp-ts. */
export const URI = 'toru-plugin-api/Outcome'

/** See {@link URI}. */
export type URI = typeof URI

declare module 'fp-ts/HKT.js' {
  interface URItoKind<A> {
    readonly [URI]: Outcome<A>
  }
}

// Without spreads, so that a bundler can drop the instances that a program does not use.

const _map: Functor1<URI>['map'] = (fa, f) => pipe(fa, map(f))
const _ap: Apply1<URI>['ap'] = (fab, fa) => pipe(fab, ap(fa))
const _chain: Chain1<URI>['chain'] = (fa, f) => pipe(fa, chain(f))

/** The `Functor` of {@link Outcome}. */
export const Functor: Functor1<URI> = { URI, map: _map }

/** The `Apply` of {@link Outcome}: it waits for the function first. */
export const Apply: Apply1<URI> = { URI, map: _map, ap: _ap }

/** The `Applicative` of {@link Outcome}. */
export const Applicative: Applicative1<URI> = { URI, map: _map, ap: _ap, of }

/** The `Chain` of {@link Outcome}. */
export const Chain: Chain1<URI> = { URI, map: _map, ap: _ap, chain: _chain }

/** The `Monad` of {@link Outcome}. */
export const Monad: Monad1<URI> = { URI, map: _map, ap: _ap, of, chain: _chain }

/** The `FromEither` of {@link Outcome}. */
export const FromEither: FromEither1<URI> = { URI, fromEither }
