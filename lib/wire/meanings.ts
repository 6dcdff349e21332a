import type * as t from 'io-ts'
import type {
  HttpAnswer,
  HttpMessage,
  InitMessage,
  KvMessage,
  RequestId,
} from '../domain/message.js'
import type { HttpRequest, HttpResponse, InitFields, KvOperands } from './codecs.js'

/** An `init` as the dialects' common meaning. */
export const initMessage = (fields: t.TypeOf<typeof InitFields>): InitMessage => ({
  _tag: 'Init',
  instanceId: fields.instance_id,
  pluginSocket: fields.plugin_socket,
  logPath: fields.log_path,
})

/** An HTTP request as the dialects' common meaning. The headers are the parsed object itself. */
export const httpMessage = (
  requestId: RequestId,
  request: HttpRequest,
  pathDecoded: boolean,
): HttpMessage => ({
  _tag: 'Http',
  requestId,
  method: request.method,
  path: request.path,
  pathDecoded,
  headers: request.headers,
  body: request.body ?? null,
})

/** A key-value request as the dialects' common meaning. A `value` of `null` is none. */
export const kvMessage = (
  requestId: RequestId,
  action: KvMessage['action'],
  operands: t.TypeOf<typeof KvOperands>,
): KvMessage => ({
  _tag: 'Kv',
  requestId,
  action,
  key: operands.key,
  value: operands.value ?? undefined,
})

/** An HTTP response as the dialects' common meaning. */
export const httpAnswer = ({ status, headers, body }: HttpResponse): HttpAnswer => ({
  _tag: 'HttpAnswer',
  status,
  headers,
  body: body ?? null,
})
