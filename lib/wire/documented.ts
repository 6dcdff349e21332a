import * as t from 'io-ts'
import {
  envelope,
  HttpRequest,
  HttpResponse,
  InitFields,
  KvOperands,
  TextOrNull,
} from './codecs.js'
import { makeDialect, type Rows } from './dialect.js'
import {
  jsonId,
  jsonInit,
  jsonMessage,
  jsonOperands,
  jsonRequest,
  jsonResponse,
  jsonString,
} from './json-text.js'
import { httpAnswer, httpMessage, initMessage, kvMessage } from './meanings.js'
import { row } from './row.js'

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

/** The table of this dialect. */
export const rows: Rows = {
  Init: row({
    codec: InitMessage,
    meaning: ({ payload }) => initMessage(payload),
    write: (message, timestamp) =>
      jsonMessage('lifecycle', timestamp, undefined, `{${jsonInit(message)}}`),
  }),
  Shutdown: row({
    codec: ShutdownMessage,
    meaning: () => ({ _tag: 'Shutdown' }),
    write: (_, timestamp) =>
      jsonMessage('lifecycle', timestamp, undefined, '{"action":"shutdown"}'),
  }),
  UnknownLifecycle: row({
    codec: LifecycleMessage,
    meaning: ({ payload: { action } }) => ({ _tag: 'UnknownLifecycle', action }),
    write: ({ action }, timestamp) =>
      jsonMessage('lifecycle', timestamp, undefined, `{"action":${jsonString(action)}}`),
  }),
  Http: row({
    codec: HttpRequestMessage,
    meaning: ({ request_id, payload }) => httpMessage(request_id, payload, false),
    write: (message, timestamp) =>
      jsonMessage('http', timestamp, jsonId(message.requestId), jsonRequest(message)),
  }),
  Kv: row({
    codec: KvRequestMessage,
    meaning: ({ request_id, payload }) => kvMessage(request_id, payload.action, payload),
    write: ({ requestId, action, key, value }, timestamp) => {
      const payload = `{"action":"${action}",${jsonOperands(key, value)}}`
      return jsonMessage('kv', timestamp, jsonId(requestId), payload)
    },
  }),
  HttpAnswer: row({
    codec: HttpResponseMessage,
    meaning: ({ request_id, payload }) => ({ requestId: request_id, answer: httpAnswer(payload) }),
    write: ({ requestId, answer }, timestamp) =>
      jsonMessage('http', timestamp, jsonId(requestId), jsonResponse(answer)),
  }),
  KvAnswer: row({
    codec: KvResponseMessage,
    meaning: ({ request_id, payload: { value } }) => ({
      requestId: request_id,
      answer: { _tag: 'KvAnswer', value },
    }),
    write: ({ requestId, answer }, timestamp) => {
      const payload = `{"value":${jsonString(answer.value)}}`
      return jsonMessage('kv', timestamp, jsonId(requestId), payload)
    },
  }),
}

/** The dialect of the Rust SDK's README. What no other dialect recognises is read as this one. */
export const dialect = makeDialect('documented', () => true, rows)
