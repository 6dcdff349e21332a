import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import { isPlain } from '../domain/json/loss-kinds.js'
import {
  ioError,
  type PluginError,
  serializationError,
  timeoutError,
} from '../domain/plugin-error.js'
import { type HttpResponse, response } from '../domain/response.js'
import { messageOf } from '../domain/thrown.js'
import { decodeBody } from './answer.js'

/**
 * Whether a value is a `Response` of the fetch standard, whichever library made it. The global
 * class is not asked, because Node.js loads its fetch when it is first named.
 */
export const isFetchResponse = (u: unknown): u is Response =>
  typeof u === 'object' &&
  u !== null &&
  !isPlain(u) &&
  Symbol.toStringTag in u &&
  u[Symbol.toStringTag] === 'Response' &&
  'body' in u &&
  (u.body === null || isStream(u.body))

const isStream = (u: unknown): u is ReadableStream<Uint8Array> =>
  typeof u === 'object' && u !== null && 'getReader' in u

/**
 * Reads a `Response` into one that can be sent: its status, its headers, its text. The body is
 * cancelled if it cannot be sent, and when `signal` is aborted.
 */
export const readFetchResponse = async (
  fetched: Response,
  signal: AbortSignal,
): Promise<Either<PluginError, HttpResponse>> => {
  const { status, body } = fetched
  if (fetched.bodyUsed || body?.locked === true)
    return E.left(serializationError('the body of the Response was read already: return a clone()'))
  const headers = headersOf(fetched.headers)
  if (E.isLeft(headers) || body === null) {
    body?.cancel().catch(() => undefined)
    return pipe(
      headers,
      E.map(carried => response({ status, headers: carried })),
    )
  }
  return pipe(
    await readBody(body, signal),
    E.chain(decodeBody),
    E.map(text => response({ status, headers: headers.right, body: text })),
  )
}

/**
 * Headers about one connection (RFC 9110, section 7.6.1), and about the bytes that came over it:
 * `fetch` has decoded them.
 */
const NOT_CARRIED: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const headersOf = (headers: Headers): Either<PluginError, Readonly<Record<string, string>>> => {
  const cookies = headers.getSetCookie().length
  if (cookies > 1)
    return E.left(
      serializationError(
        `the Response has ${cookies} set-cookie headers, and an answer can have one header of a name`,
      ),
    )
  // `Connection` names further headers that are about the connection.
  const named = new Set(
    (headers.get('connection') ?? '').split(',').map(name => name.trim().toLowerCase()),
  )
  return E.right(
    Object.fromEntries([...headers].filter(([name]) => !NOT_CARRIED.has(name) && !named.has(name))),
  )
}

const readBody = async (
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<Either<PluginError, Uint8Array>> => {
  const reader = body.getReader()
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined)
  const failed = (error: PluginError): Either<PluginError, never> => {
    cancel()
    return E.left(error)
  }
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (signal.aborted) return failed(GIVEN_UP)
      if (done) return E.right(Buffer.concat(chunks, length))
      if (!(value instanceof Uint8Array)) return failed(NOT_BYTES)
      chunks.push(value)
      length += value.length
      if (length > MAX_FRAME_BYTES) return failed(TOO_LONG)
    }
  } catch (thrown) {
    const reason = `the body of the Response cannot be read: ${messageOf(thrown)}`
    return E.left(ioError(reason, thrown))
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

const GIVEN_UP = timeoutError('the request was given up while the body of a Response was read')
const NOT_BYTES = serializationError(
  'the body of the Response is a stream of something else than bytes',
)
const TOO_LONG = serializationError(
  `the body of the Response is longer than ${MAX_FRAME_BYTES} bytes, which is the most that a message holds`,
)
