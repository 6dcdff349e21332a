import type { Option } from 'fp-ts/lib/Option.js'
import type { PluginContext } from './context.js'
import type { PluginError } from './plugin-error.js'
import type { HttpResponse } from './response.js'

// Types that turn a wrong return type of a handler into a compile error that says what is wrong.

interface NotAnswerable<Why extends string> {
  readonly 'this handler cannot be answered': Why
}

type Bytes = ArrayBuffer | ArrayBufferView

type ProblemOfValue<R> = R extends bigint
  ? 'a bigint is not JSON: send a string'
  : R extends symbol
    ? 'a symbol is not JSON'
    : R extends Bytes
      ? 'bytes cannot be carried: send text'
      : R extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
        ? 'a Map or a Set is {} in JSON: send an object or an array'
        : never

type IsAny<T> = 0 extends 1 & T ? true : false

type ProblemOfError<L> = [L] extends [PluginError]
  ? never
  : 'the left side must be a PluginError: see notFound, ioError, …'

type ProblemOfEither<R> = R extends { readonly _tag: 'Left'; readonly left: infer L }
  ? ProblemOfError<L>
  : R extends { readonly _tag: 'Right'; readonly right: infer A }
    ? ProblemOfValue<A>
    : never

type IsEither<R> = R extends
  | { readonly _tag: 'Left'; readonly left: unknown }
  | { readonly _tag: 'Right'; readonly right: unknown }
  ? true
  : false

type ProblemOfSettled<R> = IsEither<R> extends true ? ProblemOfEither<R> : ProblemOfValue<R>

type ProblemOfTask<R> =
  R extends PromiseLike<infer E>
    ? true extends IsEither<E>
      ? ProblemOfEither<E>
      : 'a Task without an Either: return the promise itself'
    : never

type ProblemOfFunction<R> = R extends (ctx: PluginContext<never>) => infer T
  ? T extends () => infer P
    ? ProblemOfTask<P>
    : T extends PromiseLike<unknown>
      ? ProblemOfTask<T>
      : 'a function is not an answer: return a value, a TaskEither or a ReaderTaskEither<PluginContext, …>'
  : 'a function is not an answer: return a value, a TaskEither or a ReaderTaskEither<PluginContext, …>'

type ProblemOfAwaited<A> =
  IsAny<A> extends true
    ? never
    : A extends (...args: never) => unknown
      ? 'a promise of a function is not run: await the program, or return it as it is'
      : ProblemOfSettled<A>

type ProblemOf<R> =
  IsAny<R> extends true
    ? never
    : R extends PromiseLike<infer A>
      ? ProblemOfAwaited<A>
      : R extends (...args: never) => unknown
        ? ProblemOfFunction<R>
        : ProblemOfSettled<R>

/**
 * `unknown` for a function whose result can be sent. For any other function a type that no function
 * has, and that says why.
 */
export type Answerable<F> = F extends (...args: never) => infer R
  ? [ProblemOf<R>] extends [never]
    ? unknown
    : NotAnswerable<ProblemOf<R>>
  : NotAnswerable<'only a method can be a handler'>

/** With a response codec, a value that is not JSON may still be right. */
type ProblemOfForm<R> = Exclude<
  ProblemOf<R>,
  ProblemOfValue<bigint | symbol | Bytes | ReadonlySet<unknown>>
>

/** The type of what `json` was given; `never` for other responses, and if it is not known. */
type Carried<T> =
  IsAny<T> extends true
    ? never
    : T extends HttpResponse<infer A>
      ? unknown extends A
        ? never
        : A
      : T

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
 * Like {@link Answerable}, for a route whose response codec encodes values of type `A` (`unknown`
 * without a codec).
 */
export type AnswerableAs<F, A> = unknown extends A
  ? Answerable<F>
  : F extends (...args: never) => infer R
    ? [ProblemOfForm<R>] extends [never]
      ? [Carried<Settled<R>>] extends [Loose<A>]
        ? unknown
        : DoesNotFitResponseCodec<Carried<Settled<R>>, A>
      : NotAnswerable<ProblemOfForm<R>>
    : NotAnswerable<'only a method can be a handler'>

/** The value of a result: what is inside its promise, its program and its right side. */
type Settled<R> =
  IsAny<R> extends true
    ? never
    : R extends PromiseLike<infer A>
      ? RightOf<A>
      : R extends (...args: never) => infer T
        ? T extends () => PromiseLike<infer A>
          ? RightOf<A>
          : T extends PromiseLike<infer A>
            ? RightOf<A>
            : never
        : RightOf<R>

type RightOf<A> = A extends { readonly _tag: 'Left'; readonly left: unknown }
  ? never
  : A extends { readonly _tag: 'Right'; readonly right: infer B }
    ? B
    : A

/**
 * Like {@link Answerable}, for a function that answers KV operations on values of type `A`. A
 * method without a return statement returns `void`, and may.
 */
export type KvAnswerable<F, A> = F extends (...args: never) => infer R
  ? [Settled<R>] extends [A | Option<A> | null | undefined | void]
    ? Answerable<F>
    : NotAnswerable<'a KV handler returns the value that its codec encodes, an Option of it, or nothing'>
  : NotAnswerable<'only a method can be a handler'>
