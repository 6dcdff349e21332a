import type { PluginError } from './plugin-error.js'
import { messageOf, serializationError } from './plugin-error.js'

/**
 * The mark of what a response helper made: no data that came from outside can carry it, for JSON
 * has no symbols.
 */
const made: unique symbol = Symbol.for('toru-plugin-api/response')

/** What `json` was given, before it became text: a route's codec may write it in another way. */
const given: unique symbol = Symbol.for('toru-plugin-api/given')

/** What `response` takes. The host gets it as docs/protocol.md#messages has it. */
export interface ResponseInit {
  /** An integer from 200 to 599. 200 unless said. */
  readonly status?: number
  /**
   * One value a name; a number becomes text. Names and values that HTTP or the host would not carry
   * are refused when the answer is sent.
   */
  readonly headers?: Readonly<Record<string, string | number>>
  /** Text, or bytes that are UTF-8 text; the protocol carries nothing else. */
  readonly body?: string | Uint8Array | null
}

/**
 * A response that a helper made. What a handler returns is a response only if it is one of these;
 * any other value is data.
 *
 * `_A` is the type of what `json` was given, for a route with a response codec to look at, and of
 * no other consequence: responses are as good as each other everywhere else.
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
 * The headers of a response that was given none: every such response shares them, so that they are
 * checked and written once.
 */
const JSON_HEADERS = Object.freeze({ 'Content-Type': 'application/json' })

/**
 * A value as JSON. What cannot be JSON (a cycle, a bigint, a function) is a `Serialization` error
 * when the answer is sent.
 */
export const json = <A>(
  value: A,
  status = 200,
  headers?: Readonly<Record<string, string | number>>,
): HttpResponse<A> => {
  const text = stringify(value)
  return typeof text === 'string'
    ? {
        status,
        headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
        body: text,
        [made]: null,
        [given]: value,
      }
    : { status: 500, headers: {}, body: null, [made]: text }
}

const stringify = (value: unknown): string | PluginError => {
  try {
    return (
      JSON.stringify(value) ?? serializationError(`a value of type ${typeof value} is not JSON`)
    )
  } catch (thrown) {
    return serializationError(`the answer is not JSON: ${messageOf(thrown)}`, thrown)
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

/** An HTML page. It is sent as it is: escape what is not yours. */
export const html = typed('text/html; charset=utf-8')

/** No body. 204 unless said. */
export const empty = (
  status = 204,
  headers: Readonly<Record<string, string | number>> = {},
): HttpResponse<never> => ({
  status,
  headers,
  body: null,
  [made]: null,
})

/** Sends the browser elsewhere. 302 unless said. */
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
 * The response of `json` with what `f` makes of its value; as it is where another helper made it,
 * or where the value was no JSON to begin with. `f` may throw.
 */
export const mapJson = (response: HttpResponse, f: (value: unknown) => unknown): HttpResponse =>
  given in response ? json(f(response[given]), response.status, response.headers) : response
