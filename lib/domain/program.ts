import type { Applicative2 } from 'fp-ts/lib/Applicative.js'
import type { Apply2 } from 'fp-ts/lib/Apply.js'
import type { Chain2 } from 'fp-ts/lib/Chain.js'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { FromEither2 } from 'fp-ts/lib/FromEither.js'
import type { FromIO2 } from 'fp-ts/lib/FromIO.js'
import type { FromTask2 } from 'fp-ts/lib/FromTask.js'
import type { Functor2 } from 'fp-ts/lib/Functor.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { IO } from 'fp-ts/lib/IO.js'
import type { Monad2 } from 'fp-ts/lib/Monad.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { Eventual, Outcome } from './outcome.js'
import * as Oc from './outcome.js'
import { type PluginError, toPluginError } from './plugin-error.js'

/**
 * A reader over {@link Outcome}: what the core does with a message. A program is made once, when
 * the plugin starts. It runs for every message, with the message in its environment `R`.
 */
export type Program<R, A> = (r: R) => Outcome<A>

/**
 * A step of a program: a Kleisli arrow `(a: A) => Program<R, B>` that takes both arguments at once.
 * `chain` makes a closure for each message, and a step does not: this saves 80 of 145 ns in a
 * program of six steps.
 */
export type Step<R, A, B> = (a: A, r: R) => Outcome<B>

// -------------------------------------------------------------------------------------------------
// constructors
// -------------------------------------------------------------------------------------------------

/** A program that yields a right result. */
export const of =
  <R, A>(a: A): Program<R, A> =>
  () =>
    Oc.of(a)

/** An `Either` as a program. The left side becomes a `PluginError` if it is not one. */
export const fromEither =
  <R, A>(fa: Either<unknown, A>): Program<R, A> =>
  () =>
    Oc.fromEither(fa)

/** An `IO` as a program. What it throws becomes the left side. */
export const fromIO =
  <R, A>(fa: IO<A>): Program<R, A> =>
  () =>
    E.tryCatch(fa, toPluginError)

/** A `Task` as a program. What it throws or rejects with becomes the left side. */
export const fromTask =
  <R, A>(fa: Task<A>): Program<R, A> =>
  () =>
    Oc.attempt(fa)

// -------------------------------------------------------------------------------------------------
// steps
// -------------------------------------------------------------------------------------------------

/** Continues with a step. */
export const chainStep =
  <R, A, B>(step: Step<R, A, B>) =>
  (ma: Program<R, A>): Program<R, B> =>
  r => {
    const outcome = ma(r)
    if (outcome instanceof Promise)
      return outcome.then(result => (result._tag === 'Left' ? result : step(result.right, r)))
    return outcome._tag === 'Left' ? outcome : step(outcome.right, r)
  }

/** Two steps as one. */
export const composeStep =
  <R, B, C>(second: Step<R, B, C>) =>
  <A>(first: Step<R, A, B>): Step<R, A, C> =>
  (a, r) => {
    const outcome = first(a, r)
    if (outcome instanceof Promise)
      return outcome.then(result => (result._tag === 'Left' ? result : second(result.right, r)))
    return outcome._tag === 'Left' ? outcome : second(outcome.right, r)
  }

/** Changes a result that is still to come, and leaves one that is there. */
export const whenPending =
  <R, A>(f: (pending: Promise<Either<PluginError, A>>, r: R) => Promise<Either<PluginError, A>>) =>
  (ma: Program<R, A>): Program<R, A> =>
  r => {
    const outcome = ma(r)
    return outcome instanceof Promise ? f(outcome, r) : outcome
  }

/** Maps both sides to a value. */
export const match =
  <R, A, B>(onLeft: (error: PluginError, r: R) => B, onRight: (a: A, r: R) => B) =>
  (ma: Program<R, A>) =>
  (r: R): Eventual<B> => {
    const end = (result: Either<PluginError, A>): B =>
      result._tag === 'Left' ? onLeft(result.left, r) : onRight(result.right, r)
    const outcome = ma(r)
    return outcome instanceof Promise ? outcome.then(end) : end(outcome)
  }

// -------------------------------------------------------------------------------------------------
// pipeable functions
// -------------------------------------------------------------------------------------------------

/** Maps the value. */
export const map = <A, B>(f: (a: A) => B): (<R>(ma: Program<R, A>) => Program<R, B>) => {
  const mapped = Oc.map(f)
  return ma => r => mapped(ma(r))
}

/** Applies the function that one program yields to the value of another. */
export const ap =
  <R, A>(ma: Program<R, A>) =>
  <B>(mab: Program<R, (a: A) => B>): Program<R, B> =>
    pipe(
      mab,
      chain(f => map(f)(ma)),
    )

/** Continues with the value. */
export const chain =
  <R, A, B>(f: (a: A) => Program<R, B>) =>
  (ma: Program<R, A>): Program<R, B> =>
    chainStep<R, A, B>((a, r) => f(a)(r))(ma)

// -------------------------------------------------------------------------------------------------
// instances
// -------------------------------------------------------------------------------------------------

/** The name of {@link Program} among the type constructors of fp-ts. */
export const URI = 'toru-plugin-api/Program'

/** See {@link URI}. */
export type URI = typeof URI

declare module 'fp-ts/HKT.js' {
  interface URItoKind2<E, A> {
    readonly [URI]: Program<E, A>
  }
}

const _map: Functor2<URI>['map'] = (fa, f) => pipe(fa, map(f))
const _ap: Apply2<URI>['ap'] = (fab, fa) => pipe(fab, ap(fa))
const _chain: Chain2<URI>['chain'] = (fa, f) => pipe(fa, chain(f))

/** The `Functor` of {@link Program}. */
export const Functor: Functor2<URI> = { URI, map: _map }

/** The `Apply` of {@link Program}: it runs the function first. */
export const Apply: Apply2<URI> = { URI, map: _map, ap: _ap }

/** The `Applicative` of {@link Program}. */
export const Applicative: Applicative2<URI> = { URI, map: _map, ap: _ap, of }

/** The `Chain` of {@link Program}. */
export const Chain: Chain2<URI> = { URI, map: _map, ap: _ap, chain: _chain }

/** The `Monad` of {@link Program}. */
export const Monad: Monad2<URI> = { URI, map: _map, ap: _ap, of, chain: _chain }

/** The `FromEither` of {@link Program}. */
export const FromEither: FromEither2<URI> = { URI, fromEither }

/** The `FromIO` of {@link Program}. */
export const FromIO: FromIO2<URI> = { URI, fromIO }

/** The `FromTask` of {@link Program}. */
export const FromTask: FromTask2<URI> = { URI, fromIO, fromTask }
