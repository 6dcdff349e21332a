import * as E from 'fp-ts/lib/Either.js'
import type { Headers, HttpRequest, Query } from '../domain/http.js'
import type { HttpMessage } from '../domain/message.js'
import { internalError } from '../domain/plugin-error.js'
import { Exchange } from './exchange.js'
import type { Found } from './router.js'

const exchange: unique symbol = Symbol('exchange')

/** The parts of a request that a route's codecs decode. */
export interface Parts<P, Q, H, B> {
  readonly params: P
  readonly query: Q
  readonly headers: H
  readonly body: B
}

/** The parts that no codec decodes. */
type RequestLine = Pick<HttpRequest, 'method' | 'path' | 'url' | 'requestId'>

/**
 * A request, with the exchange that it belongs to. All that an author's middleware passes on is
 * `next({ ...req, headers }, ctx)`, so the exchange is a property, which `...req` copies. It has a
 * symbol for a name, so that no JSON of a request has it.
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
  readonly [exchange]: Exchange

  constructor(line: RequestLine, parts: Parts<P, Q, H, B>, its: Exchange) {
    this.method = line.method
    this.path = line.path
    this.url = line.url
    this.params = parts.params
    this.query = parts.query
    this.headers = parts.headers
    this.body = parts.body
    this.requestId = line.requestId
    this[exchange] = its
  }

  /** A getter, because most handlers do not need it. */
  get signal(): AbortSignal {
    return this[exchange].signal
  }
}

/** The request that a message asks for, before its route's codecs have seen it. */
export const makeRequest = (
  { method, path: url, requestId = null, headers, body }: HttpMessage,
  { path, params }: Pick<Found<unknown>, 'path' | 'params'>,
  query: Query,
  forwardSessionCookie: boolean,
  its: Exchange,
): HttpRequest =>
  new Request(
    { method, path, url, requestId },
    { params, query, headers: headersOf(headers, forwardSessionCookie), body },
    its,
  )

/** A request with its decoded parts. */
export const withParts = <P, Q, H, B>(
  req: HttpRequest,
  parts: Parts<P, Q, H, B>,
): HttpRequest<Parts<P, Q, H, B>> => new Request(req, parts, exchangeOf(req))

/** The same request with a `signal`, which a copy `{ ...req }` has lost. */
export const withSignal = (req: HttpRequest): HttpRequest =>
  req instanceof Request ? req : new Request(req, req, exchangeOf(req))

/**
 * The exchange of a request, or of a copy. Any other object gets an exchange that leads to an
 * error.
 */
export const exchangeOf = (req: object): Exchange => {
  const its: unknown = exchange in req ? req[exchange] : undefined
  return its instanceof Exchange ? its : new Exchange(NOT_A_COPY)
}

const NOT_A_COPY = E.left(
  internalError(
    'a middleware called next with a request that is not a copy of the one it was given',
  ),
)

const NO_HEADERS: Headers = Object.freeze(Object.create(null))

/**
 * Makes the names lower case, in an object without a prototype, so that `headers.constructor` is a
 * header or `undefined`.
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
 * The longest `cookie` header that is searched, in UTF-16 units. No browser sends more, and to
 * search 16 MiB of semicolons would take seconds.
 */
const MAX_COOKIES = 65_536

/**
 * Removes the host's session cookie, with which a plugin could act as the user who is logged in.
 */
const withoutSession = (cookies: string): string | undefined => {
  if (!cookies.includes('session_id')) return cookies
  if (cookies.length > MAX_COOKIES) return undefined
  const others = cookies.split(';').filter(cookie => cookie.split('=')[0]?.trim() !== 'session_id')
  return others.join(';').trim() || undefined
}
