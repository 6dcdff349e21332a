import * as E from 'fp-ts/lib/Either.js'
import type { HttpRequest } from '../domain/http.js'
import type { HttpMessage, Peer } from '../domain/message.js'
import { methodNotAllowed, notFound } from '../domain/plugin-error.js'
import { empty } from '../domain/response.js'
import { clipped } from '../domain/text/show.js'
import { type Declaration, handlersOf } from '../reflect/declaration.js'
import type { Environment } from './capabilities.js'
import { type Destination, type Endpoint, Exchange } from './exchange.js'
import { routeHandler } from './handlers.js'
import { parseQuery, queryProblem } from './query.js'
import { makeRequest } from './request.js'
import { type MethodMissing, makeRouter, type Resolution, type Router } from './router.js'

/** The environment of an `http` message. */
export interface HttpEnvironment extends Environment {
  readonly message: HttpMessage
  readonly peer: Peer
}

/** The same, with the request that the message asks for. */
export interface Received extends HttpEnvironment {
  readonly req: HttpRequest
  readonly exchange: Exchange
}

/** Finds the route of a message, and makes the request. */
export const receiver = (
  declaration: Declaration,
  checkAnswers: boolean,
): ((r: HttpEnvironment) => Received) => {
  const find = routerOf(declaration, checkAnswers)
  const { forwardSessionCookie } = declaration.options
  return ({ message, peer, capabilities }) => {
    const cut = message.path.indexOf('?')
    const path = cut === -1 ? message.path : message.path.slice(0, cut)
    const search = cut === -1 ? '' : message.path.slice(cut + 1)
    const problem = queryProblem(search)
    const destination = problem === undefined ? locate(find, message, path) : E.left(problem)
    const exchange = new Exchange(destination)
    const query = parseQuery(problem === undefined ? search : '')
    const found = destination._tag === 'Right' ? destination.right : { path, params: NO_PARAMS }
    const req = makeRequest(message, found, query, forwardSessionCookie, exchange)
    return { message, peer, capabilities, req, exchange }
  }
}

const NO_PARAMS = Object.freeze({})

const routerOf = (declaration: Declaration, checkAnswers: boolean): Router<Endpoint> => {
  const { bodyLimit } = declaration.options
  return makeRouter(
    declaration.metadata.route,
    handlersOf(declaration, 'Route').map(route => ({
      method: route.method,
      segments: route.segments,
      target: {
        handler: routeHandler(route, { bodyLimit, checkAnswers }),
        handlerName: route.handlerName,
      },
    })),
  )
}

const locate = (
  find: Router<Endpoint>,
  { method, pathDecoded }: HttpMessage,
  path: string,
): Destination => {
  const resolution = find(method, path, pathDecoded)
  return resolution._tag === 'Left' ? resolution : destinationOf(resolution.right, method)
}

const destinationOf = (resolution: Resolution<Endpoint>, method: string): Destination => {
  switch (resolution._tag) {
    case 'Found':
      return E.right(resolution)
    case 'Missing':
      return E.left(notFound(`there is no route ${clipped(method)} ${clipped(resolution.path)}`))
    case 'MethodMissing':
      return otherMethods(resolution, method)
  }
}

/** OPTIONS is answered with the methods of a path, any other method with 405. */
const otherMethods = ({ path, allow }: MethodMissing, method: string): Destination => {
  const headers = { Allow: allow.join(', ') }
  if (method === 'OPTIONS') {
    const target: Endpoint = { handler: () => E.right(empty(204, headers)), handlerName: 'none' }
    return E.right({ _tag: 'Found', target, params: NO_PARAMS, path })
  }
  const message = `${clipped(path)} does not take ${clipped(method)}, but ${headers.Allow}`
  return E.left(methodNotAllowed(message, { headers }))
}
