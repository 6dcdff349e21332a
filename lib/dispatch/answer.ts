import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { identity, pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Headers } from '../domain/http.js'
import type { HttpAnswer } from '../domain/message.js'
import { internalError, type PluginError, serializationError } from '../domain/plugin-error.js'
import { empty, flawOf, type HttpResponse, isResponse, json } from '../domain/response.js'

/**
 * Makes a response of what a handler returned. A response stays as it is, nothing becomes 204, and
 * any other value is sent as JSON.
 */
export const toResponse = (value: unknown): HttpResponse =>
  isResponse(value) ? value : value === undefined ? empty() : json(value)

/**
 * Makes an answer of a response, within the limits of docs/protocol.md#limits, or says why the host
 * cannot send it. Numbers in headers become text. `content-length`, `transfer-encoding` and
 * `connection` are left out, because the host writes them.
 */
export const toAnswer = (response: HttpResponse): Either<PluginError, HttpAnswer> => {
  const { status } = response
  const flaw = flawOf(response) ?? statusFlaw(status)
  if (flaw !== null) return E.left(flaw)
  // By hand, because each `E.chain` takes 500 ns, which is as much as a small request takes in all.
  const headers = validHeaders(response.headers)
  if (E.isLeft(headers)) return headers
  const body = bodyText(response.body)
  return E.isLeft(body)
    ? body
    : E.right({ _tag: 'HttpAnswer', status, headers: headers.right, body: body.right })
}

const statusFlaw = (status: number): PluginError | null =>
  Number.isInteger(status) && status >= 200 && status <= 599
    ? null
    : internalError(`the status of a response must be an integer from 200 to 599, not ${status}`)

/**
 * Checks the headers of an `InvalidRequest` as those of a response. Wrong headers are a fault of
 * the plugin, and that is the error then.
 */
export const withValidHeaders = (error: PluginError): PluginError => {
  if (error._tag !== 'InvalidRequest' || error.headers === undefined) return error
  return pipe(
    validHeaders(error.headers),
    E.match(identity, headers => ({ ...error, headers })),
  )
}

/** The characters of a token: RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Control characters other than the tab. */
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/
const HOST_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
])

/** The results for frozen headers, such as those that all responses of `json` share. */
const checkedBefore = new WeakMap<object, Either<PluginError, Headers>>()

const validHeaders = (headers: Readonly<Record<string, unknown>>): Either<PluginError, Headers> => {
  const before = checkedBefore.get(headers)
  if (before !== undefined) return before
  const checked = checkHeaders(headers)
  if (E.isLeft(checked) || !Object.isFrozen(headers)) return checked
  const shared = E.right(Object.freeze(checked.right))
  checkedBefore.set(headers, shared)
  return shared
}

const checkHeaders = (headers: Readonly<Record<string, unknown>>): Either<PluginError, Headers> => {
  // A `Headers`, a `Map` or an array of pairs has no properties, so its content would be lost.
  if (!t.UnknownRecord.is(headers) || Symbol.iterator in headers) {
    return E.left(internalError('the headers of a response must be an object of names and values'))
  }
  const carried = new Map<string, readonly [string, string]>()
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase()
    if (HOST_HEADERS.has(lower)) continue
    const given = headers[name]
    const value = typeof given === 'number' ? String(given) : given
    const problem = headerProblem(name, value)
    if (problem !== undefined) return E.left(internalError(problem))
    // A name has one value: of two spellings the later one counts.
    if (typeof value === 'string') carried.set(lower, [name, value])
  }
  return E.right(Object.fromEntries(carried.values()))
}

const headerProblem = (name: string, value: unknown): string | undefined => {
  if (!TOKEN.test(name))
    return `the response header ${JSON.stringify(name)} has a name that HTTP does not allow`
  if (typeof value !== 'string')
    return `the response header "${name}" must be a text or a number, not ${value === null ? 'null' : typeof value}`
  if (CONTROL.test(value))
    return `the response header "${name}" has a line break or another control character in its value`
  return undefined
}

const bodyText = (body: HttpResponse['body']): Either<PluginError, string | null> => {
  if (typeof body === 'string' || body === null) return E.right(body)
  return body instanceof Uint8Array
    ? decodeBody(body)
    : E.left(
        serializationError(`a body must be a text, not ${typeof body}: send a value with json()`),
      )
}

/** The bytes of a body as text. A byte order mark stays. */
export const decodeBody = (bytes: Uint8Array): Either<PluginError, string> => {
  try {
    return E.right(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return E.left(
      serializationError(
        'a body must be text: these bytes are not UTF-8, and the protocol carries nothing else (base64 would do)',
      ),
    )
  }
}
