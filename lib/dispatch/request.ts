import * as E from 'fp-ts/lib/Either.js'
import type { HttpHandler } from '../domain/handler.js'
import type { Headers, HttpRequest, Query } from '../domain/http.js'
import type { HttpMessage } from '../domain/message.js'
import { internalError } from '../domain/plugin-error.js'
import { RequestScope } from './request-scope.js'

const scope: unique symbol = Symbol('scope')

/** The parts of a request that a route's codecs decode. */
export interface Parts<P, Q, H, B> {
  readonly params: P
  readonly query: Q
  readonly headers: H
  readonly body: B
}

/** What a request keeps on its way through the middleware and the codecs. */
interface Line {
  readonly method: string
  readonly path: string
  readonly url: string
  readonly requestId: string | null
}

/**
 * A request. A class, for `signal` is made when it is first asked for, and most handlers never do;
 * the scope is a property of its own, so that `{ ...req, headers }` in a middleware carries it
 * along.
 */
class Request<P, Q, H, B> implements HttpRequest<Parts<P, Q, H, B>> {
  readonly method: string
  readonly path: string
  readonly url: string
  readonly params: P
  readonly query: Q
  readonly headers: H
  readonly body: B
  readonly requestId: string | null
  readonly [scope]: RequestScope

  constructor(line: Line, parts: Parts<P, Q, H, B>, itsScope: RequestScope) {
    this.method = line.method
    this.path = line.path
    this.url = line.url
    this.params = parts.params
    this.query = parts.query
    this.headers = parts.headers
    this.body = parts.body
    this.requestId = line.requestId
    this[scope] = itsScope
  }

  get signal(): AbortSignal {
    return this[scope].signal
  }
}

/** The request that a message asks for, before its route's codecs have seen it. */
export const makeRequest = (
  message: HttpMessage,
  path: string,
  query: Query,
  params: Readonly<Record<string, string>>,
  forwardSessionCookie: boolean,
  itsScope: RequestScope,
): HttpRequest =>
  new Request(
    { method: message.method, path, url: message.path, requestId: message.requestId ?? null },
    {
      params,
      query,
      headers: headersOf(message.headers, forwardSessionCookie),
      body: message.body,
    },
    itsScope,
  )

/** A request with its decoded parts. */
export const withParts = <P, Q, H, B>(
  req: HttpRequest,
  parts: Parts<P, Q, H, B>,
): HttpRequest<Parts<P, Q, H, B>> =>
  req instanceof Request ? new Request(req, parts, req[scope]) : { ...req, ...parts }

/**
 * A request that is whole again after `{ ...req }` in a middleware, which leaves the lazy `signal`
 * behind and takes the scope along.
 */
export const whole = (req: HttpRequest): HttpRequest =>
  req instanceof Request ? req : new Request(req, req, scopeOf(req))

/** The life of the request that this one is, or is a copy of. */
export const scopeOf = (req: object): RequestScope => {
  const itsScope: unknown = scope in req ? req[scope] : undefined
  return itsScope instanceof RequestScope ? itsScope : new RequestScope(noTarget)
}

const noTarget: HttpHandler = () =>
  E.left(
    internalError(
      'a middleware called next with a request that is not a copy of the one it was given',
    ),
  )

const NO_HEADERS: Headers = Object.freeze(Object.create(null))

/**
 * Lower-case names in an object without a prototype, so that `headers.constructor` is a header or
 * nothing.
 */
const headersOf = (headers: Headers, forwardSessionCookie: boolean): Headers => {
  const names = Object.keys(headers)
  if (names.length === 0) return NO_HEADERS
  const own: Record<string, string> = Object.create(null)
  for (const name of names) {
    const lower = name.toLowerCase()
    const value = headers[name] ?? ''
    const kept = lower === 'cookie' && !forwardSessionCookie ? withoutSession(value) : value
    if (kept !== undefined) own[lower] = kept
  }
  return own
}

/**
 * No browser sends more, in UTF-16 units. To look for the session in 16 MiB of semicolons would
 * take seconds.
 */
const MAX_COOKIES = 65_536

/**
 * The host forwards its own session to every plugin; with it a plugin could act as the user who is
 * logged in.
 */
const withoutSession = (cookies: string): string | undefined => {
  if (!cookies.includes('session_id')) return cookies
  if (cookies.length > MAX_COOKIES) return undefined
  const others = cookies.split(';').filter(cookie => cookie.split('=')[0]?.trim() !== 'session_id')
  return others.join(';').trim() || undefined
}
