/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { WireError } from './wire-error.js'

/**
 * Cuts the bytes of one connection into the texts of its messages: in go pieces of any size, out
 * come whole messages.
 *
 * Append a piece, then take until there is nothing more; at the end of the connection call `end`
 * until it yields none. What is taken is a view: of the appended piece where the message lies whole
 * within it, of memory of its own where it came in several. The decoder never writes to either
 * again, so a view stays good for as long as whoever appended the piece leaves that piece alone.
 * After a `take` that yields none the decoder holds no piece any more.
 *
 * After a `left` every later call yields the same `left`: there is no way to find the next message.
 */
export interface MessageDecoder {
  /** The bytes that arrived and were not taken yet, in whole messages and unfinished ones. */
  readonly buffered: number
  /** Adds the bytes that arrived next. */
  append(chunk: Uint8Array): void
  /** The text of the next message as bytes, or none where it has not arrived in full. */
  take(): Either<WireError, Option<Buffer>>
  /**
   * What the end of the connection leaves: the next message that was not taken yet, none, or an
   * error where one was cut.
   */
  end(): Either<WireError, Option<Buffer>>
}

/**
 * What a {@link MessageDecoder} yields when no whole message is there; one shared value, since this
 * happens once or more per read.
 */
export const NOT_YET: Either<never, Option<never>> = E.right(O.none)
