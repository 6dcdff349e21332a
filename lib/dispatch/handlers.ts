import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import type { PluginContext } from '../domain/context.js'
import { compose, type HttpHandler, type Middleware } from '../domain/handler.js'
import type { HttpRequest } from '../domain/http.js'
import type { Outcome } from '../domain/outcome.js'
import type { PluginError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import { checkJson, type HttpResponse } from '../domain/response.js'
import type { Handler } from '../reflect/declaration.js'
import { toResponse } from './answer.js'
import { requestDecoder } from './decode.js'
import { answerEncoder } from './encode.js'
import { isFetchResponse, readFetchResponse } from './fetch-response.js'
import { methodStep } from './method.js'
import { exchangeOf, withSignal } from './request.js'

/** How routes are made into handlers. */
export interface RouteOptions {
  /** The longest body, in bytes of UTF-8, that is decoded. */
  readonly bodyLimit: number
  /**
   * Whether answers are compared with their response codecs, and searched for what JSON cannot
   * carry. Otherwise only the compiler has looked inside them: a search takes a quarter of the time
   * that it takes to write the JSON.
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
    answering(
      schema.response === undefined
        ? responder(checkAnswers)
        : answerEncoder(schema.response, checkAnswers),
    ),
    withMiddlewares(middlewares, checkAnswers),
  )

/** The handler of the plugin: the middleware of the class around the handlers of the routes. */
export const pluginHandler = (
  middlewares: ReadonlyArray<Middleware>,
  checkAnswers: boolean,
): HttpHandler => pipe(follow, withMiddlewares(middlewares, checkAnswers))

/** Makes a response of what a handler returned. */
type Respond = (returned: unknown) => Either<PluginError, HttpResponse>

const responder = (checkAnswers: boolean): Respond =>
  checkAnswers ? flow(toResponse, checkJson) : respond

const respond: Respond = returned => E.right(toResponse(returned))

/** Ends a handler: what it returned becomes a response. That of `fetch` is read first. */
const answering = (
  respond: Respond,
): ((handler: P.Step<PluginContext, HttpRequest, unknown>) => HttpHandler) => {
  const end = (result: Either<PluginError, unknown>, req: HttpRequest): Outcome<HttpResponse> => {
    if (result._tag === 'Left') return result
    const { right: returned } = result
    return isFetchResponse(returned) ? readFetchResponse(returned, req.signal) : respond(returned)
  }
  return handler => (req, ctx) => {
    const outcome = handler(req, ctx)
    return outcome instanceof Promise ? outcome.then(result => end(result, req)) : end(outcome, req)
  }
}

/**
 * Puts middlewares around a handler, the first one outermost. A middleware is called once, so it
 * may keep state. Its handler may return any form that a handler may, may throw, and may pass a
 * copy of its request on.
 */
const withMiddlewares = (
  middlewares: ReadonlyArray<Middleware>,
  checkAnswers: boolean,
): ((handler: HttpHandler) => HttpHandler) =>
  compose(
    ...middlewares.map(
      middleware =>
        (next: HttpHandler): HttpHandler =>
          pipe(
            methodStep(middleware((req, ctx) => next(withSignal(req), ctx))),
            answering(responder(checkAnswers)),
          ),
    ),
  )

/** Calls the handler of the route that a request leads to. */
const follow: HttpHandler = (req, ctx) => {
  const { destination } = exchangeOf(req)
  return destination._tag === 'Left' ? destination : destination.right.target.handler(req, ctx)
}
