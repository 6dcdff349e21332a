import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { compose, type HttpHandler, type Middleware } from '../domain/handler.js'
import type { Outcome } from '../domain/outcome.js'
import * as P from '../domain/program.js'
import type { HttpResponse } from '../domain/response.js'
import type { Handler } from '../reflect/declaration.js'
import { toResponse } from './answer.js'
import { requestDecoder } from './decode.js'
import { answerEncoder } from './encode.js'
import { methodStep } from './method.js'
import { exchangeOf, withSignal } from './request.js'

/** How routes are made into handlers. */
export interface RouteOptions {
  /** The longest body, in bytes of UTF-8, that is decoded. */
  readonly bodyLimit: number
  /**
   * Whether answers are compared with their response codecs. Otherwise they are encoded unchecked,
   * because the compiler has checked their types.
   */
  readonly checkAnswers: boolean
}

/** The handler of a route: the middleware of its method around the codecs and the method. */
export const routeHandler = (
  { middlewares, schema, call }: Handler<'Route'>,
  { bodyLimit, checkAnswers }: RouteOptions,
): HttpHandler =>
  pipe(
    requestDecoder(schema, bodyLimit),
    P.composeStep(methodStep(call)),
    P.composeStep(
      schema.response === undefined ? respond : answerEncoder(schema.response, checkAnswers),
    ),
    withMiddlewares(middlewares),
  )

/** The handler of the plugin: the middleware of the class around the handlers of the routes. */
export const pluginHandler = (middlewares: ReadonlyArray<Middleware>): HttpHandler =>
  pipe(follow, withMiddlewares(middlewares))

const respond = (returned: unknown): Outcome<HttpResponse> => E.right(toResponse(returned))

/**
 * Puts middlewares around a handler, the first one outermost. A middleware is called once, so it
 * may keep state. Its handler may return any form that a handler may, may throw, and may pass a
 * copy of its request on.
 */
const withMiddlewares = (
  middlewares: ReadonlyArray<Middleware>,
): ((handler: HttpHandler) => HttpHandler) =>
  compose(
    ...middlewares.map(
      middleware =>
        (next: HttpHandler): HttpHandler =>
          pipe(
            methodStep(middleware((req, ctx) => next(withSignal(req), ctx))),
            P.composeStep(respond),
          ),
    ),
  )

/** Calls the handler of the route that a request leads to. */
const follow: HttpHandler = (req, ctx) => {
  const { destination } = exchangeOf(req)
  return destination._tag === 'Left' ? destination : destination.right.target.handler(req, ctx)
}
