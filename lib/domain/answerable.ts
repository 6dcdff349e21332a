import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { PluginContext } from './context.js'
import type { IsAny, Mode, OnFunction, OnJson, Refusal, Refused } from './json/json-type.js'
import type { PluginError } from './plugin-error.js'
import type { HttpResponse } from './response.js'

// Verdicts on the return type of a handler: `void`, or a type that says what is wrong. A decorator
// returns the verdict, and TypeScript refuses a decorator that returns anything else than `void`.
//
// A verdict may depend on a type parameter of the author's class. It is asked for twice: first with
// `any` for whatever is wrong, then with the reason. Where a conditional type cannot be resolved,
// TypeScript takes what the constraint of the parameter gives, or else what its branches give
// without `any`: such a method compiles, and the rest is for the check at run time.

/** The second verdict, if the first is a refusal. */
type Turned<Found, R, A> = Found extends void ? void : OnResult<R, A, 'why'>

/** The same type, with read-only arrays and properties allowed. */
type Loose<T> = unknown extends T
  ? T
  : T extends
        | string
        | number
        | boolean
        | bigint
        | symbol
        | null
        | undefined
        | Date
        | ((...args: never) => unknown)
    ? T
    : { readonly [K in keyof T]: Loose<T[K]> }

interface DoesNotFitResponseCodec<Returned, Codec> {
  readonly 'the answer does not fit the response codec': {
    readonly returned: Returned
    readonly codec: Codec
  }
}

/**
 * A value that a codec of `A` is to encode. A type parameter that may fit compiles: its constraint
 * is only wider than `A`.
 */
type OnEncoded<V, A, M extends Mode> =
  | ([V] extends [Loose<A>] ? void : Refused<M, DoesNotFitResponseCodec<V, A>>)
  | (V extends Loose<A>
      ? void
      : Loose<A> extends V
        ? void
        : Refused<M, DoesNotFitResponseCodec<V, A>>)

/** An answer: the value of a response that `json` made, any other response, an error, a value. */
type OnAnswer<V, A, M extends Mode> = V extends Response | PluginError
  ? void
  : V extends HttpResponse<infer B>
    ? unknown extends B
      ? void
      : OnValue<B, A, M>
    : V extends Either<unknown, unknown>
      ? Refusal<M, 'an Either of an Either is not flattened: chain it'>
      : OnValue<V, A, M>

type OnValue<V, A, M extends Mode> = unknown extends A
  ? OnJson<V, M>
  : [A] extends [Unsent]
    ? OnFunction<V, M>
    : OnEncoded<V, A, M>

/** Stands for what a codec encodes where nothing is sent. */
interface Unsent {
  readonly 'nobody gets what this method returns': never
}

type OnError<L, M extends Mode> = L extends PluginError
  ? void
  : Refusal<M, 'the left side must be a PluginError: see notFound, ioError, …'>

/** An `Either`, or an answer. */
type OnSettled<R, A, M extends Mode> =
  IsAny<R> extends true
    ? void
    : R extends { readonly _tag: 'Left'; readonly left: infer L }
      ? OnError<L, M>
      : R extends { readonly _tag: 'Right'; readonly right: infer B }
        ? IsAny<B> extends true
          ? void
          : OnAnswer<B, A, M>
        : OnAnswer<R, A, M>

type OnAwaited<R, A, M extends Mode> =
  IsAny<R> extends true
    ? void
    : R extends (...args: never) => unknown
      ? Refusal<M, 'a promise of a function is not run: await the program, or return it as it is'>
      : OnSettled<R, A, M>

type NotAProgram<M extends Mode> = Refusal<
  M,
  'a function is not an answer: return a value, a TaskEither or a ReaderTaskEither<PluginContext, …>'
>

type OnTask<P, A, M extends Mode> =
  P extends PromiseLike<infer E>
    ? E extends { readonly _tag: 'Left' | 'Right' }
      ? OnSettled<E, A, M>
      : Refusal<M, 'a Task without an Either: return the promise itself'>
    : NotAProgram<M>

/** A function with parameters `P`: a task, or a reader of one. */
type OnProgram<P, T, A, M extends Mode> = P extends [] | ([PluginContext<never>] extends P ? P : [])
  ? T extends () => infer B
    ? OnTask<B, A, M>
    : OnTask<T, A, M>
  : NotAProgram<M>

type OnResult<R, A, M extends Mode> =
  IsAny<R> extends true
    ? void
    : R extends PromiseLike<infer B>
      ? OnAwaited<B, A, M>
      : R extends (...args: infer P) => infer T
        ? OnProgram<P, T, A, M>
        : OnSettled<R, A, M>

/**
 * The verdict on a method whose result of type `R` answers with a value of `A`, which a codec
 * encodes (`unknown` without a codec). What is not `void` says why the result cannot be sent.
 */
export type Verdict<R, A = unknown> = Turned<OnResult<R, A, 'found'>, R, A>

/** Like {@link Verdict}, for a method whose result is not sent. */
export type LifecycleVerdict<R> = Verdict<R, Unsent>

/**
 * Like {@link Verdict}, for a method that answers KV operations on values of type `A`. A method
 * without a return statement returns `void`, and may.
 */
export type KvVerdict<R, A> = Verdict<R, A | Option<A> | null | undefined | void>
