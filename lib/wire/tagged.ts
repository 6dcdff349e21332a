import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { RequestId } from '../domain/message.js'
import {
  envelope,
  HttpHeaders,
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
import { parseJson } from './parse-message.js'
import { reader, row } from './row.js'

/** The host starts the plugin's work. */
export const InitMessage = envelope(
  'lifecycle',
  t.intersection([t.type({ type: t.literal('lifecycle'), action: t.literal('init') }), InitFields]),
  'an init message',
)
export type InitMessage = t.TypeOf<typeof InitMessage>

/** The host asks the plugin to finish. */
export const ShutdownMessage = envelope(
  'lifecycle',
  t.type({ type: t.literal('lifecycle'), action: t.literal('shutdown') }),
  'a shutdown message',
)
export type ShutdownMessage = t.TypeOf<typeof ShutdownMessage>

/** A lifecycle message with any action. */
export const LifecycleMessage = envelope(
  'lifecycle',
  t.type({ type: t.literal('lifecycle'), action: t.string }),
  'a lifecycle message',
)
export type LifecycleMessage = t.TypeOf<typeof LifecycleMessage>

/** An HTTP request: `{type, request_id, payload: {method, path, headers, body}}`. */
export const HttpRequestMessage = envelope(
  'http',
  t.type({ type: t.literal('http'), request_id: t.string, payload: HttpRequest }),
  'an http message',
)
export type HttpRequestMessage = t.TypeOf<typeof HttpRequestMessage>

const Wrapper = t.type({
  method: t.literal('RESPONSE'),
  path: t.string,
  headers: HttpHeaders,
  body: t.string,
})

/**
 * An HTTP response. Its `payload.payload` has the form of a request, and the response is the JSON
 * text in the `body` of that.
 */
export const HttpResponseMessage = envelope(
  'http',
  t.type({ type: t.literal('http'), request_id: t.string, payload: Wrapper }),
  'an http response',
)
export type HttpResponseMessage = t.TypeOf<typeof HttpResponseMessage>

const KvAction = t.keyof({ Get: null, Set: null, Delete: null }, '"Get", "Set" or "Delete"')

/** A key-value request: `{type, request_id, action, key, value?}`. */
export const KvRequestMessage = envelope(
  'kv',
  t.intersection([
    t.type({ type: t.literal('kv'), request_id: t.string, action: KvAction }),
    KvOperands,
  ]),
  'a kv message',
)
export type KvRequestMessage = t.TypeOf<typeof KvRequestMessage>

/** A key-value answer: `{type, request_id, value}`. */
export const KvResponseMessage = envelope(
  'kv',
  t.type({ type: t.literal('kv'), request_id: t.string, value: TextOrNull }),
  'a kv response',
)
export type KvResponseMessage = t.TypeOf<typeof KvResponseMessage>

const ACTION = { Get: 'get', Set: 'set', Delete: 'delete' } as const
const TAGGED_ACTION = { get: 'Get', set: 'Set', delete: 'Delete' } as const

/** The id stands twice; the outer one may be `null` or absent. */
const idOf = (message: {
  readonly request_id?: RequestId
  readonly payload: { readonly request_id: string }
}): RequestId => message.request_id ?? message.payload.request_id

/** The inner id as JSON text. The host needs a string: it is empty where a request has no id. */
const innerId = (id: string | undefined): string => (id === undefined || id === 'null' ? '""' : id)

const jsonLifecycle = (timestamp: string, members: string): string =>
  jsonMessage('lifecycle', timestamp, 'null', `{"type":"lifecycle",${members}}`)

const readResponse = reader(HttpResponse, httpAnswer, 'payload.payload.body')

/** The table of this dialect. `InvalidJson` where the text in an HTTP answer is not JSON. */
export const rows: Rows = {
  Init: row({
    codec: InitMessage,
    meaning: ({ payload }) => initMessage(payload),
    write: (message, timestamp) => jsonLifecycle(timestamp, jsonInit(message)),
  }),
  Shutdown: row({
    codec: ShutdownMessage,
    meaning: () => ({ _tag: 'Shutdown' }),
    write: (_, timestamp) => jsonLifecycle(timestamp, '"action":"shutdown"'),
  }),
  UnknownLifecycle: row({
    codec: LifecycleMessage,
    meaning: ({ payload: { action } }) => ({ _tag: 'UnknownLifecycle', action }),
    write: ({ action }, timestamp) => jsonLifecycle(timestamp, `"action":${jsonString(action)}`),
  }),
  Http: row({
    codec: HttpRequestMessage,
    meaning: message => httpMessage(idOf(message), message.payload.payload, true),
    write: (message, timestamp) => {
      const id = jsonId(message.requestId)
      const head = `"type":"http","request_id":${innerId(id)}`
      return jsonMessage('http', timestamp, id, `{${head},"payload":${jsonRequest(message)}}`)
    },
  }),
  Kv: row({
    codec: KvRequestMessage,
    meaning: message => kvMessage(idOf(message), ACTION[message.payload.action], message.payload),
    write: ({ requestId, action, key, value }, timestamp) => {
      const id = jsonId(requestId)
      const head = `"type":"kv","request_id":${innerId(id)},"action":"${TAGGED_ACTION[action]}"`
      return jsonMessage('kv', timestamp, id, `{${head},${jsonOperands(key, value)}}`)
    },
  }),
  HttpAnswer: {
    codec: HttpResponseMessage,
    decode: flow(
      reader(HttpResponseMessage, message => message),
      E.chain(message =>
        pipe(
          parseJson(message.payload.payload.body),
          E.chain(readResponse),
          E.map(answer => ({ requestId: idOf(message), answer })),
        ),
      ),
    ),
    write: ({ requestId, answer }, timestamp) => {
      const id = jsonId(requestId)
      const body = jsonString(jsonResponse(answer))
      const payload = `{"method":"RESPONSE","path":"","headers":{},"body":${body}}`
      return jsonMessage(
        'http',
        timestamp,
        id,
        `{"type":"http","request_id":${innerId(id)},"payload":${payload}}`,
      )
    },
  },
  KvAnswer: row({
    codec: KvResponseMessage,
    meaning: message => ({
      requestId: idOf(message),
      answer: { _tag: 'KvAnswer', value: message.payload.value },
    }),
    write: ({ requestId, answer: { value } }, timestamp) => {
      const id = jsonId(requestId)
      const payload = `{"type":"kv","request_id":${innerId(id)},"value":${jsonString(value)}}`
      return jsonMessage('kv', timestamp, id, payload)
    },
  }),
}

/** The dialect of today's host: every payload says its type, and the request's id stands twice. */
export const dialect = makeDialect(
  'tagged',
  payload => 'type' in payload && typeof payload.type === 'string',
  rows,
)
