import type { Either } from 'fp-ts/lib/Either.js'
import type { ReaderTaskEither } from 'fp-ts/lib/ReaderTaskEither.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { PluginContext } from './context.js'
import type { HttpRequest } from './http.js'
import type { Outcome } from './outcome.js'
import type { PluginError } from './plugin-error.js'
import type { HttpResponse } from './response.js'

/** A handler whose result has one form. It never throws and never rejects. */
export type HttpHandler = (req: HttpRequest, ctx: PluginContext) => Outcome<HttpResponse>

/**
 * The forms in which a handler may return its result `A`: at once, later, or as a program to run.
 */
export type Returned<A> =
  | A
  | PromiseLike<A | Either<PluginError, A>>
  | Either<PluginError, A>
  | TaskEither<PluginError, A>
  | ReaderTaskEither<PluginContext, PluginError, A>

/**
 * A function from handler to handler: it may look at the request, answer itself, call `next` with
 * the same or another request, and look at or replace the answer. It may return any form that a
 * handler may.
 *
 * `next` yields an `Either`, or a promise of one, and never throws: `await next(req, ctx)` is right
 * in both cases. The request is the one before decoding, so a middleware runs before validation and
 * sees the 400 that validation yields.
 *
 * @example
 * const requireKey: Middleware = next => (req, ctx) =>
 *   req.headers['x-key'] === 'open sesame' ? next(req, ctx) : E.left(forbidden('no key'))
 */
export type Middleware = (
  next: HttpHandler,
) => (req: HttpRequest, ctx: PluginContext) => Returned<HttpResponse | Response>

/** Several middlewares as one; the first is the outermost. */
export const compose =
  (...middlewares: ReadonlyArray<(next: HttpHandler) => HttpHandler>) =>
  (handler: HttpHandler): HttpHandler =>
    middlewares.reduceRight((next, middleware) => middleware(next), handler)
