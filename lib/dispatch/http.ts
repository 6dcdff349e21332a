import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { clipped } from '../codec/explain.js'
import type { PluginContext } from '../domain/context.js'
import { errorAnswer } from '../domain/error-answer.js'
import type { HttpHandler } from '../domain/handler.js'
import type { HttpRequest } from '../domain/http.js'
import type { HttpAnswer, HttpMessage } from '../domain/message.js'
import type { Eventual } from '../domain/outcome.js'
import type { Peer } from '../domain/peer.js'
import { causeField, type PluginError, statusOf, timeoutError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { HttpResponse } from '../domain/response.js'
import type { Declaration } from '../reflect/declaration.js'
import { toAnswer, toCarriable } from './answer.js'
import { type Capable, ready } from './capabilities.js'
import { deadline } from './deadline.js'
import { type Endpoint, Exchange, routeOf } from './exchange.js'
import { pluginHandler, routeHandler } from './handlers.js'
import { parseQuery, queryProblem } from './query.js'
import { makeRequest } from './request.js'
import { makeRouter, type Router } from './router.js'

/** The environment of a `http` message. */
export interface HttpEnvironment extends Capable {
  readonly message: HttpMessage
  readonly peer: Peer
}

/** The same, with the request that the message asks for and the route that it leads to. */
interface Received extends HttpEnvironment {
  readonly req: HttpRequest
  readonly exchange: Exchange
}

/**
 * From a `http` message to its answer. Whatever goes wrong becomes an answer too, and an entry in
 * the log.
 */
export const httpProgram = (
  declaration: Declaration,
  checkAnswers = false,
): ((r: HttpEnvironment) => Eventual<HttpAnswer>) => {
  const { middlewares, options } = declaration
  const receive = receiver(routerOf(declaration, checkAnswers), options.forwardSessionCookie)
  const answer = pipe(
    ready,
    P.chainStep(handled(pluginHandler(middlewares))),
    P.chainStep(toAnswer),
    P.whenPending(abandonedWithPeer),
    answeredWithin(options.httpTimeout),
    P.match(failed, answered),
  )
  return r => answer(receive(r))
}

const routerOf = (
  { metadata, options: { bodyLimit }, routes }: Declaration,
  checkAnswers: boolean,
): Router<Endpoint> =>
  makeRouter(
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

/** Finds the route that a message leads to, and makes the request. */
const receiver =
  (find: Router<Endpoint>, forwardSessionCookie: boolean) =>
  ({ message, peer, capabilities }: HttpEnvironment): Received => {
    const cut = message.path.indexOf('?')
    const path = cut === -1 ? message.path : message.path.slice(0, cut)
    const text = cut === -1 ? '' : message.path.slice(cut + 1)
    const problem = queryProblem(text)
    const destination =
      problem === undefined ? find(message.method, path, message.pathDecoded) : E.left(problem)
    const route = routeOf(destination)
    const exchange = new Exchange(destination)
    const req = makeRequest(
      message,
      route?.path ?? path,
      parseQuery(problem === undefined ? text : ''),
      route?.params ?? {},
      forwardSessionCookie,
      exchange,
    )
    return { message, peer, capabilities, req, exchange }
  }

/** Runs the middleware, the codecs and the method, if anybody still waits for the answer. */
const handled =
  (handler: HttpHandler): P.Step<Received, PluginContext, HttpResponse> =>
  (ctx, { req, exchange }) =>
    exchange.abandoned ? GIVEN_UP : handler(req, ctx)

/** While it waited for `@OnInit` the time of a request may have run out, or its client left. */
const GIVEN_UP = E.left(timeoutError('the request was given up before it began'))

/** While an answer is still to come, a peer that leaves gives the request up. */
const abandonedWithPeer = <A>(
  pending: Promise<Either<PluginError, A>>,
  { peer, exchange }: Received,
): Promise<Either<PluginError, A>> => {
  const abandon = () => exchange.abandon(new Error('the connection was lost'))
  if (peer.lost) abandon()
  const forget = peer.onLost(abandon)
  return pending.then(result => {
    forget()
    return result
  })
}

const answeredWithin = (ms: number) =>
  deadline<Received>({
    ms,
    expired: ({ exchange }) => {
      const error = timeoutError(`no answer within ${ms} ms`)
      exchange.abandon(error)
      return error
    },
    late: (result, afterMs, { message, req, exchange, capabilities }) => {
      const what = E.isLeft(result) ? `failed (${result.left.message})` : 'answered'
      capabilities.log.warn(
        { handler: handlerNameOf(exchange) },
        `${clipped(message.method)} ${clipped(req.path)} ${what} after ${Math.round(afterMs)} ms, when it had been given up`,
      )
    },
  })

const answered = (answer: HttpAnswer, { message }: Received): HttpAnswer =>
  message.method === 'HEAD' ? { ...answer, body: null } : answer

const failed = (cause: PluginError, r: Received): HttpAnswer => {
  const { message, req, exchange, capabilities } = r
  const error = toCarriable(cause)
  capabilities.onFailure?.(message, error)
  const status = statusOf(error)
  capabilities.log[status < 500 ? 'info' : 'error'](
    { handler: handlerNameOf(exchange), ...(status < 500 ? {} : causeField(error)) },
    `${clipped(message.method)} ${clipped(req.path)} answered ${status}: ${error.message}`,
  )
  return answered(errorAnswer(error), r)
}

const handlerNameOf = ({ destination }: Exchange): string =>
  routeOf(destination)?.target.handlerName ?? 'none'
