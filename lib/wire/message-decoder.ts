/// <reference types="node" preserve="true" />
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { InputBuffer } from './input-buffer.js'
import type { WireError } from './wire-error.js'

/** The text of a message as bytes, none where it has not come in full, or why no more can come. */
export type Taken = E.Either<WireError, O.Option<Buffer>>

/** No whole message is there. One shared value, since this happens once or more per read. */
export const NOT_YET: E.Either<never, O.Option<never>> = E.right(O.none)

/** How a framing finds the messages in the bytes of a connection. */
export interface Splitter {
  /** Takes the next message of at most `limit` bytes, or keeps what is there for later. */
  readonly next: (input: InputBuffer, limit: number) => Taken
  /** What the bytes behind the last whole message are, once no more will come. */
  readonly rest: (input: InputBuffer) => Taken
}

/**
 * Splits the bytes of one connection into the texts of its messages: pieces of any size go in,
 * whole messages come out.
 *
 * Append a piece, then take until there is nothing more; at the end of the connection call `end`
 * until it yields none. What is taken is a view: of the appended piece where the message lies whole
 * within it, of new memory where it came in several. The decoder writes to neither again, so a view
 * is valid for as long as the caller does not overwrite the piece. After a `take` that yields none
 * the decoder holds no piece any more.
 *
 * After a `left` every later call yields the same `left`: there is no way to find the next message.
 */
export class MessageDecoder {
  readonly #splitter: Splitter
  readonly #limit: number
  readonly #input = new InputBuffer()
  #refusal: E.Either<WireError, never> | undefined

  constructor(splitter: Splitter, limit: number) {
    this.#splitter = splitter
    this.#limit = limit
  }

  /** How many bytes arrived and were not taken yet, in whole messages and unfinished ones. */
  get buffered(): number {
    return this.#input.length
  }

  /** Adds the bytes that arrived next. */
  append(chunk: Uint8Array): void {
    if (this.#refusal === undefined) this.#input.append(chunk)
  }

  /** The next message. */
  take(): Taken {
    return this.#refusal ?? this.#checked(this.#splitter.next(this.#input, this.#limit))
  }

  /**
   * What the end of the connection leaves: the next message that was not taken yet, none, or an
   * error where one was cut.
   */
  end(): Taken {
    const taken = this.take()
    return E.isRight(taken) && O.isNone(taken.right)
      ? this.#checked(this.#splitter.rest(this.#input))
      : taken
  }

  #checked(taken: Taken): Taken {
    if (E.isRight(taken)) return taken
    this.#input.clear()
    this.#refusal = taken
    return taken
  }
}

/**
 * Gives `use` the messages that `next` takes, for as long as there are any and `wanted` says so.
 * Yields whether those were all; left where one could not be taken or used.
 */
export const takeMessages = (
  next: () => Taken,
  use: (bytes: Buffer) => E.Either<WireError, unknown>,
  wanted: () => boolean = () => true,
): E.Either<WireError, boolean> => {
  while (wanted()) {
    const taken = next()
    if (E.isLeft(taken)) return taken
    if (O.isNone(taken.right)) return ALL
    const used = use(taken.right.value)
    if (E.isLeft(used)) return used
  }
  return NOT_ALL
}

const ALL = E.right(true)
const NOT_ALL = E.right(false)
