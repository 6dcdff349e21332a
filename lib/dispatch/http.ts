import type { Either, Left } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { PluginContext } from '../domain/context.js'
import { errorAnswer } from '../domain/error-answer.js'
import type { HttpHandler } from '../domain/handler.js'
import type { HttpAnswer } from '../domain/message.js'
import type { Eventual } from '../domain/outcome.js'
import { causeField, type PluginError, statusOf, timeoutError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { HttpResponse } from '../domain/response.js'
import { clipped } from '../domain/text/show.js'
import type { Declaration } from '../reflect/declaration.js'
import { toAnswer, withValidHeaders } from './answer.js'
import { ready } from './capabilities.js'
import { deadline } from './deadline.js'
import type { Exchange } from './exchange.js'
import { pluginHandler } from './handlers.js'
import { type HttpEnvironment, type Received, receiver } from './receive.js'

/**
 * From an `http` message to its answer. An error becomes an answer, too, and an entry in the log.
 */
export const httpProgram = (
  declaration: Declaration,
  checkAnswers = false,
): ((r: HttpEnvironment) => Eventual<HttpAnswer>) => {
  const { middlewares, options } = declaration
  const receive = receiver(declaration, checkAnswers)
  const answer = pipe(
    ready,
    P.chainStep(handle(pluginHandler(middlewares, checkAnswers))),
    P.chainStep(toAnswer),
    P.whenPending(abortWhenPeerLeaves),
    httpDeadline(options.httpTimeout),
    P.match(answerError, withoutBodyForHead),
  )
  return r => answer(receive(r))
}

/** Runs the middleware, the codecs and the method. */
const handle =
  (handler: HttpHandler): P.Step<Received, PluginContext, HttpResponse> =>
  (ctx, { req, exchange }) =>
    exchange.aborted ? ABORTED : handler(req, ctx)

/** While a request waits for `@OnInit`, its time may run out, or its client may leave. */
const ABORTED: Left<PluginError> = {
  _tag: 'Left',
  left: timeoutError('nobody waits for the answer any more'),
}

/** Aborts the signal of a request if its client leaves before the answer is there. */
const abortWhenPeerLeaves = <A>(
  pending: Promise<Either<PluginError, A>>,
  { peer, exchange }: Received,
): Promise<Either<PluginError, A>> => {
  const abort = () => exchange.abort(new DOMException('the connection was lost', 'AbortError'))
  if (peer.lost) abort()
  const forget = peer.onLost(abort)
  return pending.then(result => {
    forget()
    return result
  })
}

const httpDeadline = (ms: number) =>
  deadline<Received>({
    ms,
    expired: ({ exchange }) => {
      const message = `no answer within ${ms} ms`
      exchange.abort(new DOMException(message, 'TimeoutError'))
      return timeoutError(message)
    },
    late: (result, afterMs, { message, req, exchange, capabilities }) => {
      const what = pipe(
        result,
        E.match(
          error => `failed (${error.message})`,
          () => 'answered',
        ),
      )
      capabilities.log.warn(
        { handler: handlerNameOf(exchange) },
        `${clipped(message.method)} ${clipped(req.path)} ${what} after ${Math.round(afterMs)} ms, when it had been given up`,
      )
    },
  })

const withoutBodyForHead = (answer: HttpAnswer, { message }: Received): HttpAnswer =>
  message.method === 'HEAD' ? { ...answer, body: null } : answer

const answerError = (cause: PluginError, r: Received): HttpAnswer => {
  const { message, req, exchange, capabilities } = r
  const error = withValidHeaders(cause)
  capabilities.onFailure?.(message, error)
  const status = statusOf(error)
  // What a client that left ends, such as a fetch of its own, is no fault.
  const isGivenUp = exchange.isReasonOf(error) || cause === ABORTED.left
  const isFault = status >= 500 && !isGivenUp
  capabilities.log[isFault ? 'error' : 'info'](
    { handler: handlerNameOf(exchange), ...(isFault ? causeField(error) : {}) },
    `${clipped(message.method)} ${clipped(req.path)} ${isGivenUp ? 'was given up' : `answered ${status}`}: ${error.message}`,
  )
  return withoutBodyForHead(errorAnswer(error), r)
}

const handlerNameOf = ({ destination }: Exchange): string =>
  destination._tag === 'Left' ? 'none' : destination.right.target.handlerName
