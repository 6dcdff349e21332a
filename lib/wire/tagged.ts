import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Answer, HostMessage, HttpAnswer, KvMessage, RequestId } from '../domain/message.js'
import {
  byType,
  envelope,
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  InitFields,
  KvOperands,
  misfit,
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
  jsonString,
  jsonStringOrNull,
} from './json-text.js'
import { parseJson } from './parse-message.js'
import type { WireError } from './wire-error.js'

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
 * An HTTP response. Its `payload.payload` is a request in form; the response is the JSON text in
 * that one's `body`.
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

/** Whether a payload says its own type: no other dialect's does. */
export const recognises = (payload: object): boolean =>
  'type' in payload && typeof payload.type === 'string'

const ACTION = { Get: 'get', Set: 'set', Delete: 'delete' } as const
const TAGGED_ACTION: Readonly<Record<KvMessage['action'], keyof typeof ACTION>> = {
  get: 'Get',
  set: 'Set',
  delete: 'Delete',
}

/** The id stands twice; the outer one may be `null` or absent. */
const idOf = (message: {
  readonly request_id?: RequestId
  readonly payload: { readonly request_id: string }
}): string => message.request_id ?? message.payload.request_id

/** A parsed message as what it means; `InvalidMessage` where it is none. */
export const decode: (message: unknown) => Either<WireError, HostMessage> = byType<HostMessage>({
  lifecycle: lifecycleReader(LifecycleMessage, InitMessage),
  http: reader(HttpRequestMessage, message =>
    httpMessage(idOf(message), message.payload.payload, true),
  ),
  kv: reader(KvRequestMessage, message =>
    kvMessage(idOf(message), ACTION[message.payload.action], message.payload),
  ),
})

/**
 * The inner id is a string in every case: the host's types have no other. Where a request has none
 * it is empty.
 */
const innerId = (id: string | undefined): string => (id === undefined || id === 'null' ? '""' : id)

const wrapped = (answer: HttpAnswer): string =>
  `{"method":"RESPONSE","path":"","headers":{},"body":${jsonString(jsonResponse(answer))}}`

/** The JSON text of an answer. */
export const encodeAnswer = (requestId: RequestId, answer: Answer, timestamp: string): string => {
  const id = jsonId(requestId)
  return answer._tag === 'HttpAnswer'
    ? jsonMessage(
        'http',
        timestamp,
        id,
        `{"type":"http","request_id":${innerId(id)},"payload":${wrapped(answer)}}`,
      )
    : jsonMessage(
        'kv',
        timestamp,
        id,
        `{"type":"kv","request_id":${innerId(id)},"value":${jsonStringOrNull(answer.value)}}`,
      )
}

/** The JSON text of a message to a plugin. */
export const encodeMessage = (message: HostMessage, timestamp: string): string => {
  if (message._tag !== 'Http' && message._tag !== 'Kv') {
    return jsonMessage(
      'lifecycle',
      timestamp,
      'null',
      `{"type":"lifecycle",${jsonLifecycle(message)}}`,
    )
  }
  const id = jsonId(message.requestId)
  if (message._tag === 'Http') {
    return jsonMessage(
      'http',
      timestamp,
      id,
      `{"type":"http","request_id":${innerId(id)},"payload":${jsonRequest(message)}}`,
    )
  }
  const head = `"type":"kv","request_id":${innerId(id)},"action":"${TAGGED_ACTION[message.action]}"`
  return jsonMessage('kv', timestamp, id, `{${head},${jsonOperands(message.key, message.value)}}`)
}

const readResponse = reader(HttpResponse, httpAnswer, 'payload.payload.body')

/**
 * A parsed answer of a plugin; `InvalidMessage` where it is none, `InvalidJson` where the text of
 * an HTTP answer is not JSON.
 */
export const decodeAnswer: (message: unknown) => Either<WireError, Reply> = byType<Reply>({
  lifecycle: noAnswer,
  http: message => {
    if (!HttpResponseMessage.is(message)) return E.left(misfit(HttpResponseMessage, message))
    const parsed = parseJson(message.payload.payload.body)
    if (E.isLeft(parsed)) return parsed
    const response = readResponse(parsed.right)
    return E.isLeft(response)
      ? response
      : E.right({ requestId: idOf(message), answer: response.right })
  },
  kv: reader(KvResponseMessage, message => ({
    requestId: idOf(message),
    answer: { _tag: 'KvAnswer', value: message.payload.value },
  })),
})

/** The dialect of today's host: every payload says its type, and the request's id stands twice. */
export const dialect: Dialect = {
  name: 'tagged',
  recognises,
  decode,
  encodeAnswer,
  encodeMessage,
  decodeAnswer,
}
