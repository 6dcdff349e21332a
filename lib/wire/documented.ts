import type { Either } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Answer, HostMessage, RequestId } from '../domain/message.js'
import {
  byType,
  envelope,
  HttpRequest,
  HttpResponse,
  InitFields,
  KvOperands,
  reader,
  TextOrNull,
} from './codecs.js'
import type { Dialect, Reply } from './dialect.js'
import { httpAnswer, httpMessage, kvMessage, lifecycleReader, noAnswer } from './host-message.js'
import {
  jsonId,
  jsonLifecycle,
  jsonMessage,
  jsonOperands,
  jsonRequest,
  jsonResponse,
  jsonStringOrNull,
} from './json-text.js'
import type { WireError } from './wire-error.js'

/** The host starts the plugin's work. */
export const InitMessage = envelope(
  'lifecycle',
  t.intersection([t.type({ action: t.literal('init') }), InitFields]),
  'an init message',
)
export type InitMessage = t.TypeOf<typeof InitMessage>

/** The host asks the plugin to finish. */
export const ShutdownMessage = envelope(
  'lifecycle',
  t.type({ action: t.literal('shutdown') }),
  'a shutdown message',
)
export type ShutdownMessage = t.TypeOf<typeof ShutdownMessage>

/** A lifecycle message with any action. */
export const LifecycleMessage = envelope(
  'lifecycle',
  t.type({ action: t.string }),
  'a lifecycle message',
)
export type LifecycleMessage = t.TypeOf<typeof LifecycleMessage>

/** An HTTP request: `{method, path, headers, body}`. */
export const HttpRequestMessage = envelope('http', HttpRequest, 'an http message')
export type HttpRequestMessage = t.TypeOf<typeof HttpRequestMessage>

/** An HTTP response: `{status, headers, body}`. */
export const HttpResponseMessage = envelope('http', HttpResponse, 'an http response')
export type HttpResponseMessage = t.TypeOf<typeof HttpResponseMessage>

const KvAction = t.keyof({ get: null, set: null, delete: null }, '"get", "set" or "delete"')

/** What a key-value request carries: `{action, key, value?}`. A `value` of `null` is none. */
export const KvRequest = t.intersection([t.type({ action: KvAction }), KvOperands], 'a kv request')
export type KvRequest = t.TypeOf<typeof KvRequest>

/** A key-value request. */
export const KvRequestMessage = envelope('kv', KvRequest, 'a kv message')
export type KvRequestMessage = t.TypeOf<typeof KvRequestMessage>

/** A key-value answer: `{value}`, a string or `null`. */
export const KvResponseMessage = envelope('kv', t.type({ value: TextOrNull }), 'a kv response')
export type KvResponseMessage = t.TypeOf<typeof KvResponseMessage>

/** A parsed message as what it means; `InvalidMessage` where it is none. */
export const decode: (message: unknown) => Either<WireError, HostMessage> = byType<HostMessage>({
  lifecycle: lifecycleReader(LifecycleMessage, InitMessage),
  http: reader(HttpRequestMessage, ({ request_id, payload }) =>
    httpMessage(request_id, payload, false),
  ),
  kv: reader(KvRequestMessage, ({ request_id, payload }) =>
    kvMessage(request_id, payload.action, payload),
  ),
})

/** The JSON text of an answer. */
export const encodeAnswer = (requestId: RequestId, answer: Answer, timestamp: string): string =>
  answer._tag === 'HttpAnswer'
    ? jsonMessage('http', timestamp, jsonId(requestId), jsonResponse(answer))
    : jsonMessage('kv', timestamp, jsonId(requestId), `{"value":${jsonStringOrNull(answer.value)}}`)

/** The JSON text of a message to a plugin. */
export const encodeMessage = (message: HostMessage, timestamp: string): string => {
  switch (message._tag) {
    case 'Http':
      return jsonMessage('http', timestamp, jsonId(message.requestId), jsonRequest(message))
    case 'Kv':
      return jsonMessage(
        'kv',
        timestamp,
        jsonId(message.requestId),
        `{"action":"${message.action}",${jsonOperands(message.key, message.value)}}`,
      )
    default:
      return jsonMessage('lifecycle', timestamp, undefined, `{${jsonLifecycle(message)}}`)
  }
}

/** A parsed answer of a plugin; `InvalidMessage` where it is none. */
export const decodeAnswer: (message: unknown) => Either<WireError, Reply> = byType<Reply>({
  lifecycle: noAnswer,
  http: reader(HttpResponseMessage, ({ request_id, payload }) => ({
    requestId: request_id,
    answer: httpAnswer(payload),
  })),
  kv: reader(KvResponseMessage, ({ request_id, payload }) => ({
    requestId: request_id,
    answer: { _tag: 'KvAnswer', value: payload.value },
  })),
})

/**
 * The dialect of the Rust SDK's README. Whatever is not recognised as another is read as this one.
 */
export const dialect: Dialect = {
  name: 'documented',
  recognises: () => true,
  decode,
  encodeAnswer,
  encodeMessage,
  decodeAnswer,
}
