import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type {
  HttpAnswer,
  HttpMessage,
  InitMessage,
  KvMessage,
  RequestId,
  ShutdownMessage,
  UnknownLifecycleMessage,
} from '../domain/message.js'
import {
  type HttpRequest,
  type HttpResponse,
  type InitFields,
  type KvOperands,
  misfit,
} from './codecs.js'
import { type WireError, wireError } from './wire-error.js'

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

interface WithAction {
  readonly payload: { readonly action: string }
}

interface WithInit {
  readonly payload: t.TypeOf<typeof InitFields>
}

type LifecycleMessage = InitMessage | ShutdownMessage | UnknownLifecycleMessage

const SHUTDOWN: ShutdownMessage = { _tag: 'Shutdown' }

/**
 * Reads lifecycle messages: `init` must have its three strings, `shutdown` needs nothing, and any
 * other action is unknown and no error.
 */
export const lifecycleReader =
  <A extends WithAction, I extends WithInit>(
    lifecycle: t.Type<A, unknown, unknown>,
    init: t.Type<I, unknown, unknown>,
  ) =>
  (message: unknown): Either<WireError, LifecycleMessage> => {
    if (!lifecycle.is(message)) return E.left(misfit(lifecycle, message))
    const { action } = message.payload
    if (action === 'shutdown') return E.right(SHUTDOWN)
    if (action !== 'init') return E.right({ _tag: 'UnknownLifecycle', action })
    return init.is(message) ? E.right(initMessage(message)) : E.left(misfit(init, message))
  }

const initMessage = ({ payload }: WithInit): InitMessage => ({
  _tag: 'Init',
  instanceId: payload.instance_id,
  pluginSocket: payload.plugin_socket,
  logPath: payload.log_path,
})

/** What a lifecycle message is where an answer was expected. */
export const noAnswer = (): Either<WireError, never> =>
  E.left(wireError('InvalidMessage', 'a lifecycle message is no answer'))
