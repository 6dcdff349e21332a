import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { compose, type HttpHandler, type Middleware } from '../domain/handler.js'
import { andThen } from '../domain/outcome.js'
import type { RouteSchema } from '../domain/route-schema.js'
import { toResponse } from './answer.js'
import { requestDecoder } from './decode.js'
import { answerEncoder } from './encode.js'
import { scopeOf, whole } from './request.js'
import { called } from './returned.js'
import type { Hook, KvRoute } from './route-table.js'

type Call = (...args: ReadonlyArray<unknown>) => unknown

const responseOf = E.map(toResponse)

/**
 * The innermost handler of a route: decodes, calls the method, makes a response of what it
 * returned. An author's codec may throw as a method may.
 */
export const routeHandler = (
  call: Call,
  schema: RouteSchema,
  { bodyLimit, checkAnswers }: { readonly bodyLimit: number; readonly checkAnswers: boolean },
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
export const around = (
  middlewares: ReadonlyArray<Middleware>,
): ((handler: HttpHandler) => HttpHandler) => compose(...middlewares.map(guarded))

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

/** A KV handler from its method. */
export const kvRouteOf = (
  handlerName: string,
  call: Call,
  pattern: string,
  codec: t.Mixed | undefined,
): KvRoute => ({
  pattern,
  codec,
  handlerName,
  call: (operation, ctx) => called(ctx, () => call(operation, ctx)),
})

/** A hook from its method. */
export const hookOf = (handlerName: string, call: Call): Hook => ({
  handlerName,
  call: ctx => called(ctx, () => call(ctx)),
})
