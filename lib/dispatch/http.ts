import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { clipped } from '../codec/explain.js'
import { errorAnswer } from '../domain/error-answer.js'
import type { HttpHandler } from '../domain/handler.js'
import type { HttpAnswer, HttpMessage } from '../domain/message.js'
import { andThen } from '../domain/outcome.js'
import type { Peer } from '../domain/peer.js'
import {
  methodNotAllowed,
  notFound,
  type PluginError,
  statusOf,
  timeoutError,
} from '../domain/plugin-error.js'
import { empty, type HttpResponse } from '../domain/response.js'
import type { Declaration } from '../reflect/declaration.js'
import { toAnswer, toCarriable } from './answer.js'
import type { Capabilities } from './capabilities.js'
import { within } from './deadline.js'
import { entryOf, routeHandler } from './handlers.js'
import { parseQuery, queryProblem } from './query.js'
import { makeRequest } from './request.js'
import { RequestScope } from './request-scope.js'
import { makeRouter, type Resolution } from './router.js'

/**
 * The program of a `http` message. It has an answer for everything, so nothing is left on the left.
 */
export type HttpProgram = (
  message: HttpMessage,
  peer: Peer,
) => (capabilities: Capabilities) => HttpAnswer | Promise<HttpAnswer>

/**
 * From a message to its answer: find the route, wait for `@OnInit`, run the middleware, the codecs
 * and the handler within `httpTimeout`, and make the result something that the host can carry.
 * Whatever goes wrong becomes an answer too, and an entry in the log.
 */
export const httpProgram = (
  { metadata, options, middlewares, routes }: Declaration,
  checkAnswers = false,
): HttpProgram => {
  const { httpTimeout, forwardSessionCookie, bodyLimit } = options
  const find = makeRouter(
    metadata.route,
    routes.map(route => ({
      method: route.method,
      segments: route.segments,
      target: {
        handler: routeHandler(route, { bodyLimit, checkAnswers }),
        handlerName: route.handlerName,
      },
    })),
  )
  const entry = entryOf(middlewares)

  return (message, peer) => capabilities => {
    const cut = message.path.indexOf('?')
    const path = cut === -1 ? message.path : message.path.slice(0, cut)
    const text = cut === -1 ? '' : message.path.slice(cut + 1)
    const problem = queryProblem(text)
    const found =
      problem === undefined ? find(message.method, path, message.pathDecoded) : E.left(problem)
    const scope = new RequestScope(targetOf(found, message.method))
    const query = parseQuery(problem === undefined ? text : '')
    const [place, params] =
      E.isRight(found) && found.right._tag === 'Found'
        ? [found.right.path, found.right.params]
        : [path, {}]
    const req = makeRequest(message, place, query, params, forwardSessionCookie, scope)

    const begun = andThen(capabilities.ready(), ctx => {
      if (E.isLeft(ctx)) return ctx
      // While it waited for @OnInit its time may have run out, or its client left.
      return scope.abandoned ? E.left(GIVEN_UP) : entry(req, ctx.right)
    })
    const finish = (result: Either<PluginError, HttpResponse>) =>
      concluded(result, message, place, nameOf(found), capabilities)
    // Nearly every handler answers at once: then there is nobody to watch and nothing to be in time
    // for.
    if (!(begun instanceof Promise)) return finish(begun)
    const bounded = within(
      capabilities.clock,
      {
        ms: httpTimeout,
        expired: () => {
          const error = timeoutError(`no answer within ${httpTimeout} ms`)
          scope.abandon(error)
          return error
        },
        late: (result, ms) => {
          const what = E.isLeft(result) ? `failed (${result.left.message})` : 'answered'
          capabilities.log.warn(
            { handler: nameOf(found) },
            `${clipped(message.method)} ${clipped(place)} ${what} after ${Math.round(ms)} ms, when it had been given up`,
          )
        },
      },
      watched(begun, scope, peer),
    )
    return bounded.then(finish)
  }
}

const GIVEN_UP = timeoutError('the request was given up before it began')

type Found = Either<
  PluginError,
  Resolution<{ readonly handler: HttpHandler; readonly handlerName: string }>
>

const nameOf = (found: Found): string =>
  E.isRight(found) && found.right._tag === 'Found' ? found.right.target.handlerName : 'none'

/** What answers a request: its route, or the reason why there is none. */
const targetOf = (found: Found, method: string): HttpHandler => {
  if (E.isLeft(found)) return () => found
  const resolution = found.right
  if (resolution._tag === 'Found') return resolution.target.handler
  if (resolution._tag === 'Missing')
    return () =>
      E.left(notFound(`there is no route ${clipped(method)} ${clipped(resolution.path)}`))
  const allow = resolution.allow.join(', ')
  return method === 'OPTIONS'
    ? () => E.right(empty(204, { Allow: allow }))
    : () =>
        E.left(
          methodNotAllowed(
            `${clipped(resolution.path)} does not take ${clipped(method)}, but ${allow}`,
            { headers: { Allow: allow } },
          ),
        )
}

/** While an answer is still to come, a peer that leaves gives the request up. */
const watched = <A>(
  outcome: Promise<Either<PluginError, A>>,
  scope: RequestScope,
  peer: Peer,
): Promise<Either<PluginError, A>> => {
  const abandon = () => scope.abandon(new Error('the connection was lost'))
  if (peer.lost) abandon()
  const forget = peer.onLost(abandon)
  return outcome.then(result => {
    forget()
    return result
  })
}

const concluded = (
  result: Either<PluginError, HttpResponse>,
  request: HttpMessage,
  path: string,
  handler: string,
  { log, onFailure }: Capabilities,
): HttpAnswer => {
  const { method } = request
  const answer = E.isLeft(result) ? result : toAnswer(result.right)
  if (E.isRight(answer)) return method === 'HEAD' ? { ...answer.right, body: null } : answer.right
  const error = toCarriable(answer.left)
  onFailure?.(request, error)
  const status = statusOf(error)
  const message = `${clipped(method)} ${clipped(path)} answered ${status}: ${error.message}`
  if (status < 500) log.info({ handler }, message)
  else log.error({ handler, ...(error.cause === undefined ? {} : { error: error.cause }) }, message)
  return method === 'HEAD' ? { ...errorAnswer(error), body: null } : errorAnswer(error)
}
