import * as E from 'fp-ts/lib/Either.js'
import { compose, type HttpHandler, type Middleware } from '../domain/handler.js'
import { andThen } from '../domain/outcome.js'
import type { Route } from '../reflect/declaration.js'
import { toResponse } from './answer.js'
import { requestDecoder } from './decode.js'
import { answerEncoder } from './encode.js'
import { scopeOf, whole } from './request.js'
import { called } from './returned.js'

const responseOf = E.map(toResponse)

/** How a route is made into a handler. */
export interface RouteOptions {
  /** The longest body, in bytes of UTF-8, that is decoded. */
  readonly bodyLimit: number
  /**
   * Whether what a handler answers is compared with its response codec. Else it is encoded as it
   * is: where the types are right, so is the answer.
   */
  readonly checkAnswers: boolean
}

/** The handler of a route: its method's middleware around the codecs and the method. */
export const routeHandler = (route: Route, options: RouteOptions): HttpHandler =>
  around(route.middlewares)(methodHandler(route, options))

/**
 * Decodes the request, calls the method, and makes a response of what it returned. An author's
 * codec may throw as a method may.
 */
const methodHandler = (
  { call, schema }: Route,
  { bodyLimit, checkAnswers }: RouteOptions,
): HttpHandler => {
  const decode = requestDecoder(schema, bodyLimit)
  const answer =
    schema.response === undefined
      ? responseOf
      : E.chain(answerEncoder(schema.response, checkAnswers))
  return (req, ctx) =>
    andThen(
      called(ctx, () => {
        const decoded = decode(req)
        return E.isLeft(decoded) ? decoded : call(decoded.right, ctx)
      }),
      answer,
    )
}

/**
 * Several middlewares, the first the outermost, as one function from handler to handler that
 * neither throws nor rejects.
 */
const around = (middlewares: ReadonlyArray<Middleware>): ((handler: HttpHandler) => HttpHandler) =>
  compose(...middlewares.map(guarded))

/**
 * The handler of the whole plugin: the class's middleware around whatever the request was found to
 * lead to.
 */
export const entryOf = (middlewares: ReadonlyArray<Middleware>): HttpHandler =>
  around(middlewares)((req, ctx) => scopeOf(req).target(req, ctx))

/**
 * A middleware may throw, may return any form, and may hand a copy of the request on. It is built
 * once, so it may keep state.
 */
const guarded =
  (middleware: Middleware) =>
  (next: HttpHandler): HttpHandler => {
    const handler = middleware((req, ctx) => next(whole(req), ctx))
    return (req, ctx) =>
      andThen(
        called(ctx, () => handler(req, ctx)),
        responseOf,
      )
  }
