import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { jsonLoss } from './json/json-loss.js'
import { jsonText, lossError } from './json/json-text.js'
import type { PluginError } from './plugin-error.js'

/**
 * Marks what a response helper made. Data from outside cannot carry it, because JSON has no
 * symbols.
 */
const made: unique symbol = Symbol.for('toru-plugin-api/response')

/** What `json` was given: a route's codec may encode it in another way. */
const given: unique symbol = Symbol.for('toru-plugin-api/given')

/** What `response` takes. The host gets it as docs/protocol.md#messages has it. */
export interface ResponseInit {
  /** An integer from 200 to 599. Default 200. */
  readonly status?: number
  /**
   * One value a name; a number becomes text. A name or value that HTTP or the host does not allow
   * is refused when the answer is sent.
   */
  readonly headers?: Readonly<Record<string, string | number>>
  /** Text, or bytes of UTF-8 text. The protocol carries nothing else. */
  readonly body?: string | Uint8Array | null
}

/**
 * A response that a helper made. What a handler returns is a response only if it is one of these;
 * any other value is data.
 *
 * `_A` is the type of what `json` was given, which a route with a response codec compares with its
 * codec. It has no other effect.
 */
export interface HttpResponse<_A = unknown> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string | Uint8Array | null
  /** The mark, and what went wrong while the response was made. */
  readonly [made]: PluginError | null
  readonly [given]?: unknown
}

/** A response of exactly this status, these headers and this body. */
export const response = ({
  status = 200,
  headers = {},
  body = null,
}: ResponseInit): HttpResponse<never> => ({
  status,
  headers,
  body,
  [made]: null,
})

/**
 * The headers of every `json` response without headers of its own. Because they are shared, they
 * are checked and written once.
 */
const JSON_HEADERS = Object.freeze({ 'Content-Type': 'application/json' })

/**
 * A value as JSON. A value that JSON cannot carry (a promise, a Map, a cycle, a bigint, a function)
 * is a `Serialization` error when the answer is sent. What is inside it is looked at where answers
 * are checked: in tests, under `toru-plugin dev`, and with `TORU_CHECK_ANSWERS=1`.
 */
export const json = <A>(
  value: A,
  status = 200,
  headers?: Readonly<Record<string, string | number>>,
): HttpResponse<A> => {
  const text = jsonText(value, 'answer')
  return text._tag === 'Left'
    ? { status: 500, headers: {}, body: null, [made]: text.left }
    : {
        status,
        headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
        body: text.right,
        [made]: null,
        [given]: value,
      }
}

const typed =
  (contentType: string) =>
  (
    body: string,
    status = 200,
    headers: Readonly<Record<string, string | number>> = {},
  ): HttpResponse<never> => ({
    status,
    headers: { 'Content-Type': contentType, ...headers },
    body,
    [made]: null,
  })

/** Plain text. */
export const text = typed('text/plain; charset=utf-8')

/** An HTML page. It is sent as it is: escape what you did not write. */
export const html = typed('text/html; charset=utf-8')

/** No body. Default status 204. */
export const empty = (
  status = 204,
  headers: Readonly<Record<string, string | number>> = {},
): HttpResponse<never> => ({
  status,
  headers,
  body: null,
  [made]: null,
})

/** Redirects the browser. Default status 302. */
export const redirect = (
  location: string,
  status: 301 | 302 | 303 | 307 | 308 = 302,
): HttpResponse<never> => ({
  status,
  headers: { Location: location },
  body: null,
  [made]: null,
})

/** Whether a value was made by a response helper. */
export const isResponse = (u: unknown): u is HttpResponse =>
  typeof u === 'object' && u !== null && made in u

/** What went wrong while a response was made, or `null`. */
export const flawOf = (made_: HttpResponse): PluginError | null => made_[made]

/**
 * A response whose value, if it was given to `json`, is looked at as a whole: the error if JSON
 * changes or loses something of it.
 */
export const checkJson = (response: HttpResponse): Either<PluginError, HttpResponse> => {
  const loss = given in response ? jsonLoss(response[given], 'answer') : undefined
  return loss === undefined ? E.right(response) : E.left(lossError(loss))
}

/**
 * The response of `json` with its value changed by `f`. A response of another helper stays as it
 * is, and so does one whose value was not JSON. `f` may throw.
 */
export const mapJson = (response: HttpResponse, f: (value: unknown) => unknown): HttpResponse =>
  given in response ? json(f(response[given]), response.status, response.headers) : response
