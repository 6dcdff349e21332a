import * as E from 'fp-ts/lib/Either.js'
import type { HostMessage } from '../domain/message.js'
import type { Dialect, DialectName } from './dialect.js'
import { dialect as documented } from './documented.js'
import { dialect as nested } from './nested.js'
import { parseMessage } from './parse-message.js'
import { dialect as tagged } from './tagged.js'
import type { WireError } from './wire-error.js'

/** The dialects by name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  documented,
  nested,
  tagged,
}

/**
 * The dialect of a parsed message: `tagged` where the payload has a `type`, `nested` where it wraps
 * another payload, `documented` otherwise, whose `decode` says what is wrong with anything else. An
 * answer is written in the dialect of its request.
 */
export const dialectOf = (message: unknown): Dialect => {
  if (typeof message !== 'object' || message === null || !('payload' in message)) return documented
  const { payload } = message
  if (typeof payload !== 'object' || payload === null) return documented
  if (tagged.recognises(payload)) return tagged
  return nested.recognises(payload) ? nested : documented
}

/** A message of the host, and the dialect in which to answer it. */
export interface Incoming {
  readonly dialect: Dialect
  readonly message: HostMessage
}

/**
 * Decodes a parsed message of the host in any dialect. `InvalidMessage` says where it is wrong,
 * what was expected there and what came.
 */
export const decodeMessage = (message: unknown): E.Either<WireError, Incoming> => {
  const dialect = dialectOf(message)
  const decoded = dialect.decode(message)
  return E.isLeft(decoded) ? decoded : E.right({ dialect, message: decoded.right })
}

/**
 * Decodes the bytes of one message of the host, without frame or line end: {@link parseMessage},
 * then {@link decodeMessage}.
 */
export const decodeBytes = (bytes: Uint8Array): E.Either<WireError, Incoming> => {
  const parsed = parseMessage(bytes)
  return E.isLeft(parsed) ? parsed : decodeMessage(parsed.right)
}
