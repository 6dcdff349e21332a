import type { Either } from 'fp-ts/lib/Either.js'
import type { ReaderTaskEither } from 'fp-ts/lib/ReaderTaskEither.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { PluginContext } from './context.js'
import type { HttpRequest } from './http.js'
import type { Outcome } from './outcome.js'
import type { PluginError } from './plugin-error.js'
import type { HttpResponse } from './response.js'

/** A handler after its result has been brought into one form. It never throws and never rejects. */
export type HttpHandler = (req: HttpRequest, ctx: PluginContext) => Outcome<HttpResponse>

/** The forms in which a handler may give its result `A`: at once, later, or as a program to be run. */
export type Returned<A> =
  | A
  | PromiseLike<A | Either<PluginError, A>>
  | Either<PluginError, A>
  | TaskEither<PluginError, A>
  | ReaderTaskEither<PluginContext, PluginError, A>

/**
 * A function from handler to handler: it may look at the request, answer itself, call `next` with the same or another request, and look at
 * or replace the answer. It may return any form that a handler may.
 *
 * `next` yields an `Either`, or a promise of one, and never throws: `await next(req, ctx)` is right in both cases. The request is the one before
 * decoding, so a middleware runs before validation and sees the 400 that validation yields.
 *
 * @example
 * const requireKey: Middleware = next => (req, ctx) =>
 *   req.headers['x-key'] === 'open sesame' ? next(req, ctx) : E.left(forbidden('the key is missing'))
 */
export type Middleware = (next: HttpHandler) => (req: HttpRequest, ctx: PluginContext) => Returned<HttpResponse>

/** Several middlewares as one; the first is the outermost. */
export const compose =
  (...middlewares: ReadonlyArray<(next: HttpHandler) => HttpHandler>) =>
  (handler: HttpHandler): HttpHandler =>
    middlewares.reduceRight((next, middleware) => middleware(next), handler)

// What follows turns a wrong return type into a compile error that says what is wrong.

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

type ProblemOfError<L> = [L] extends [PluginError] ? never : 'the left side must be a PluginError: see notFound, ioError, …'

type ProblemOfEither<R> = R extends { readonly _tag: 'Left'; readonly left: infer L }
  ? ProblemOfError<L>
  : R extends { readonly _tag: 'Right'; readonly right: infer A }
    ? ProblemOfValue<A>
    : never

type IsEither<R> = R extends { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: unknown }
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

type ProblemOf<R> =
  IsAny<R> extends true
    ? never
    : R extends PromiseLike<infer A>
      ? A extends unknown
        ? ProblemOfSettled<A>
        : never
      : R extends (...args: never) => unknown
        ? ProblemOfFunction<R>
        : ProblemOfSettled<R>

/** `unknown` for a function whose result can be answered, else a type that nothing fits and that says why. */
export type Answerable<F> = F extends (...args: never) => infer R
  ? [ProblemOf<R>] extends [never]
    ? unknown
    : NotAnswerable<ProblemOf<R>>
  : NotAnswerable<'only a method can be a handler'>
