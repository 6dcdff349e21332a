/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import { Accumulator } from './accumulator.js'
import { HEADER_BYTES, tooLong } from './frame.js'
import { Inbox } from './input-buffer.js'
import { type MessageDecoder, NOT_YET } from './message-decoder.js'
import { type WireError, wireError } from './wire-error.js'

/**
 * Cuts a stream of frames into the texts of its messages (docs/protocol.md#framing).
 *
 * The work is linear in the bytes that arrived, whatever their split, and memory is taken for bytes
 * that came, never for a length that was only announced. A length over the limit is refused from
 * its four bytes (`FrameTooLong`), an end within a frame is `FrameCut`. A frame of length 0 is an
 * empty text, which whoever parses it refuses.
 */
export class FrameDecoder implements MessageDecoder {
  readonly #limit: number
  readonly #inbox = new Inbox()
  /** The front of a frame whose end has not come. */
  readonly #partial = new Accumulator()
  #refusal: Either<WireError, never> | undefined

  /** `limit`: the longest text, in bytes; {@link MAX_FRAME_BYTES} unless said. */
  constructor(limit: number = MAX_FRAME_BYTES) {
    this.#limit = limit
  }

  /** The bytes that arrived and were not taken yet, headers included. */
  get buffered(): number {
    return this.#partial.length + this.#inbox.unread
  }

  append(chunk: Uint8Array): void {
    if (this.#refusal === undefined) this.#inbox.append(chunk)
  }

  take(): Either<WireError, Option<Buffer>> {
    if (this.#refusal !== undefined) return this.#refusal
    return this.#partial.length === 0 ? this.#takeWhole() : this.#takeJoined()
  }

  end(): Either<WireError, Option<Buffer>> {
    const last = this.take()
    if (E.isLeft(last) || O.isSome(last.right) || this.#partial.length === 0) return last
    const where =
      this.#partial.length < HEADER_BYTES
        ? `the length of a message: ${this.#partial.length} of ${HEADER_BYTES} bytes came`
        : `a message: ${this.#partial.length - HEADER_BYTES} of ${this.#partial.peekLength()} bytes came`
    return this.#refuse(wireError('FrameCut', `the connection ended within ${where}`))
  }

  /** A frame that begins in what arrived last; it is a view of that where it ends there too. */
  #takeWhole(): Either<WireError, Option<Buffer>> {
    const unread = this.#inbox.unread
    if (unread === 0) return NOT_YET
    if (unread < HEADER_BYTES) return this.#keep(Number.POSITIVE_INFINITY)
    const length = this.#inbox.peekLength()
    if (length > this.#limit) return this.#refuseLength(length)
    const size = HEADER_BYTES + length
    return unread < size ? this.#keep(size) : E.right(O.some(this.#inbox.read(size, HEADER_BYTES)))
  }

  /**
   * A frame whose front came earlier: only its own bytes are copied, those of the next frames stay
   * where they are.
   */
  #takeJoined(): Either<WireError, Option<Buffer>> {
    const partial = this.#partial
    if (partial.length < HEADER_BYTES) partial.add(this.#inbox.read(HEADER_BYTES - partial.length))
    if (partial.length < HEADER_BYTES) return NOT_YET
    const length = partial.peekLength()
    if (length > this.#limit) return this.#refuseLength(length)
    const size = HEADER_BYTES + length
    partial.add(this.#inbox.read(size - partial.length), size)
    return partial.length < size
      ? NOT_YET
      : E.right(O.some(partial.release().subarray(HEADER_BYTES)))
  }

  #keep(size: number): Either<WireError, Option<Buffer>> {
    this.#partial.add(this.#inbox.read(this.#inbox.unread), size)
    return NOT_YET
  }

  #refuseLength(length: number): Either<WireError, never> {
    return this.#refuse(tooLong('frame', length, this.#limit, hintAt(length)))
  }

  #refuse(error: WireError): Either<WireError, never> {
    this.#inbox.clear()
    this.#partial.release()
    this.#refusal = E.left(error)
    return this.#refusal
  }
}

/**
 * Four letters where a length should be are the usual mistake: something else than a host, such as
 * `curl`, talks to the socket.
 */
const hintAt = (length: number): string => {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(length)
  return header.every(byte => byte >= 0x20 && byte < 0x7f)
    ? ` (its first four bytes are the text ${JSON.stringify(header.toString())}, no length)`
    : ''
}
