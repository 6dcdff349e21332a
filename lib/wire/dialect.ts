import type { Either } from 'fp-ts/lib/Either.js'
import type { Answer, HostMessage, RequestId } from '../domain/message.js'
import type { WireError } from './wire-error.js'

/** The three ways in which hosts speak the protocol: docs/protocol.md#messages. */
export type DialectName = 'documented' | 'nested' | 'tagged'

/** An answer together with the `request_id` that it carries. */
export interface Reply {
  readonly requestId: RequestId
  readonly answer: Answer
}

/**
 * One way of speaking the protocol. Messages are parsed JSON on one side and JSON text on the
 * other; frames and lines are not its business.
 *
 * A plugin uses `recognises`, `decode` and `encodeAnswer`; a host, or a client that plays one,
 * `encodeMessage` and `decodeAnswer`.
 */
export interface Dialect {
  readonly name: DialectName
  /**
   * Whether a message whose `payload` this is, is written in this dialect. Cheap; says nothing
   * about the rest of the message.
   */
  readonly recognises: (payload: object) => boolean
  /** A parsed message as what it means, or why it is none. */
  readonly decode: (message: unknown) => Either<WireError, HostMessage>
  /** The JSON text of an answer. */
  readonly encodeAnswer: (requestId: RequestId, answer: Answer, timestamp: string) => string
  /** The JSON text of a message to a plugin. */
  readonly encodeMessage: (message: HostMessage, timestamp: string) => string
  /** A parsed answer of a plugin, or why it is none. */
  readonly decodeAnswer: (message: unknown) => Either<WireError, Reply>
}
