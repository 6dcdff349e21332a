import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { compose, type HttpHandler, type Middleware } from '../domain/handler.js'
import type { Outcome } from '../domain/outcome.js'
import * as P from '../domain/program.js'
import type { HttpResponse } from '../domain/response.js'
import type { Route } from '../reflect/declaration.js'
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
   * Whether what a handler answers is compared with its response codec. Else it is encoded as it
   * is: where the types are right, so is the answer.
   */
  readonly checkAnswers: boolean
}

/** The handler of a route: its method's middleware around its codecs and the method. */
export const routeHandler = (
  { middlewares, schema, call }: Route,
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

/** The handler of the whole plugin: the class's middleware around wherever a request leads. */
export const pluginHandler = (middlewares: ReadonlyArray<Middleware>): HttpHandler =>
  pipe(follow, withMiddlewares(middlewares))

const respond = (returned: unknown): Outcome<HttpResponse> => E.right(toResponse(returned))

/**
 * Puts middlewares around a handler, the first the outermost. Each is built once, so it may keep
 * state; it may return any form that a handler may, throw, and hand a copy of its request on.
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

/** Goes where a request leads. */
const follow: HttpHandler = (req, ctx) => {
  const { destination } = exchangeOf(req)
  return destination._tag === 'Left' ? destination : destination.right.target.handler(req, ctx)
}
