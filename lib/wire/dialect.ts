import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type {
  Answer,
  HostMessage,
  HttpAnswer,
  HttpMessage,
  InitMessage,
  KvAnswer,
  KvMessage,
  RequestId,
  ShutdownMessage,
  UnknownLifecycleMessage,
} from '../domain/message.js'
import { MessageType } from './codecs.js'
import { invalidMessage, type Row } from './row.js'
import { type WireError, wireError } from './wire-error.js'

/** The three forms of the protocol's messages (docs/protocol.md#messages). */
export type DialectName = 'documented' | 'nested' | 'tagged'

/** An answer with its `request_id`. */
export interface Reply<A extends Answer = Answer> {
  readonly requestId: RequestId
  readonly answer: A
}

/** The table of a dialect: one row a kind of message, by its tag. */
export interface Rows {
  readonly Init: Row<InitMessage>
  readonly Shutdown: Row<ShutdownMessage>
  /** A lifecycle message with any other action. */
  readonly UnknownLifecycle: Row<UnknownLifecycleMessage>
  readonly Http: Row<HttpMessage>
  readonly Kv: Row<KvMessage>
  readonly HttpAnswer: Row<Reply<HttpAnswer>>
  readonly KvAnswer: Row<Reply<KvAnswer>>
}

/**
 * One form of the protocol's messages. It decodes parsed JSON and encodes to JSON text; a
 * {@link Framing} does the rest.
 *
 * A plugin uses `recognises`, `decode` and `encodeAnswer`; a host or another client uses
 * `encodeMessage` and `decodeAnswer`.
 */
export interface Dialect {
  readonly name: DialectName
  readonly rows: Rows
  /** Whether a message with this `payload` is in this dialect. It looks at nothing else. */
  readonly recognises: (payload: object) => boolean
  /** Decodes a parsed message of the host. */
  readonly decode: (message: unknown) => E.Either<WireError, HostMessage>
  /** The JSON text of an answer. */
  readonly encodeAnswer: (requestId: RequestId, answer: Answer, timestamp: string) => string
  /** The JSON text of a message to a plugin. */
  readonly encodeMessage: (message: HostMessage, timestamp: string) => string
  /** Decodes a parsed answer of a plugin. */
  readonly decodeAnswer: (message: unknown) => E.Either<WireError, Reply>
}

/** Makes a dialect from its table. */
export const makeDialect = (
  name: DialectName,
  recognises: Dialect['recognises'],
  rows: Rows,
): Dialect => ({
  name,
  rows,
  recognises,
  decode: message => {
    const tag = tagOf(message)
    return tag === undefined ? E.left(invalidMessage(Typed, message)) : rows[tag].decode(message)
  },
  encodeAnswer: (requestId, answer, timestamp) =>
    answer._tag === 'HttpAnswer'
      ? rows.HttpAnswer.write({ requestId, answer }, timestamp)
      : rows.KvAnswer.write({ requestId, answer }, timestamp),
  encodeMessage: (message, timestamp) => {
    switch (message._tag) {
      case 'Init':
        return rows.Init.write(message, timestamp)
      case 'Shutdown':
        return rows.Shutdown.write(message, timestamp)
      case 'UnknownLifecycle':
        return rows.UnknownLifecycle.write(message, timestamp)
      case 'Http':
        return rows.Http.write(message, timestamp)
      case 'Kv':
        return rows.Kv.write(message, timestamp)
    }
  },
  decodeAnswer: message => {
    switch (tagOf(message)) {
      case 'Http':
        return rows.HttpAnswer.decode(message)
      case 'Kv':
        return rows.KvAnswer.decode(message)
      case undefined:
        return E.left(invalidMessage(Typed, message))
      default:
        return E.left(wireError('InvalidMessage', 'a lifecycle message is no answer'))
    }
  },
})

const Typed = t.type({ type: MessageType }, 'a message')

const WithAction = t.type({ payload: t.type({ action: t.string }) })

/** The kind of a message, if it names one. */
const tagOf = (message: unknown): HostMessage['_tag'] | undefined => {
  if (!Typed.is(message)) return undefined
  if (message.type !== 'lifecycle') return message.type === 'http' ? 'Http' : 'Kv'
  const action = WithAction.is(message) ? message.payload.action : undefined
  if (action === 'init') return 'Init'
  return action === 'shutdown' ? 'Shutdown' : 'UnknownLifecycle'
}
