import type { Either } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { HostMessage } from '../domain/message.js'
import { byType, envelope, HttpRequest, reader } from './codecs.js'
import type { Dialect } from './dialect.js'
import * as documented from './documented.js'
import { httpMessage, kvMessage, lifecycleReader } from './host-message.js'
import { jsonId, jsonMessage, jsonRequest } from './json-text.js'
import type { WireError } from './wire-error.js'

export {
  HttpResponseMessage,
  InitMessage,
  KvRequest,
  KvRequestMessage,
  KvResponseMessage,
  LifecycleMessage,
  ShutdownMessage,
} from './documented.js'

/** An HTTP request: `{payload: {method, path, headers, body}}`. */
export const HttpRequestMessage = envelope(
  'http',
  t.type({ payload: HttpRequest }),
  'an http message',
)
export type HttpRequestMessage = t.TypeOf<typeof HttpRequestMessage>

/**
 * A key-value request in the same wrapping as an HTTP request. The bare form, `KvRequestMessage`,
 * is as good.
 */
export const WrappedKvRequestMessage = envelope(
  'kv',
  t.type({ payload: documented.KvRequest }),
  'a kv message',
)
export type WrappedKvRequestMessage = t.TypeOf<typeof WrappedKvRequestMessage>

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a payload wraps another one. */
export const recognises = (payload: object): boolean =>
  'payload' in payload && isObject(payload.payload)

const IsWrapped = t.type({ payload: t.type({ payload: t.UnknownRecord }) })
const readBareKv = reader(documented.KvRequestMessage, ({ request_id, payload }) =>
  kvMessage(request_id, payload.action, payload),
)
const readWrappedKv = reader(WrappedKvRequestMessage, ({ request_id, payload: { payload } }) =>
  kvMessage(request_id, payload.action, payload),
)

/** A parsed message as what it means; `InvalidMessage` where it is none. */
export const decode: (message: unknown) => Either<WireError, HostMessage> = byType<HostMessage>({
  lifecycle: lifecycleReader(documented.LifecycleMessage, documented.InitMessage),
  http: reader(HttpRequestMessage, ({ request_id, payload }) =>
    httpMessage(request_id, payload.payload, false),
  ),
  kv: message => (IsWrapped.is(message) ? readWrappedKv(message) : readBareKv(message)),
})

/** The JSON text of a message to a plugin. A key-value request is written in its bare form. */
export const encodeMessage = (message: HostMessage, timestamp: string): string =>
  message._tag === 'Http'
    ? jsonMessage(
        'http',
        timestamp,
        jsonId(message.requestId),
        `{"payload":${jsonRequest(message)}}`,
      )
    : documented.encodeMessage(message, timestamp)

/**
 * The dialect of the host's protocol page: an HTTP request is wrapped once more, everything else is
 * as in `documented`.
 */
export const dialect: Dialect = {
  name: 'nested',
  recognises,
  decode,
  encodeAnswer: documented.encodeAnswer,
  encodeMessage,
  decodeAnswer: documented.decodeAnswer,
}
