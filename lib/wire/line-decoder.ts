/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import { Accumulator } from './accumulator.js'
import { tooLong } from './frame.js'
import { Inbox } from './input-buffer.js'
import { type MessageDecoder, NOT_YET } from './message-decoder.js'
import type { WireError } from './wire-error.js'

const LF = 0x0a
const CR = 0x0d
const TAB = 0x09
const SPACE = 0x20

/**
 * Cuts bare JSON, a line each, into the texts of its messages: what a person types into `socat`
 * (docs/protocol.md#framing).
 *
 * A line ends with LF or CR LF; blank lines are skipped; the last line counts without an end when
 * the sender has ended. Every byte is looked at once, whatever the split. A line over the limit is
 * `FrameTooLong` as soon as that is certain.
 */
export class LineDecoder implements MessageDecoder {
  readonly #limit: number
  readonly #inbox = new Inbox()
  /** The front of a line whose end has not come. There is no LF in it. */
  readonly #partial = new Accumulator()
  #refusal: Either<WireError, never> | undefined

  /**
   * `limit`: the longest line, in bytes and without its end; {@link MAX_FRAME_BYTES} unless said.
   */
  constructor(limit: number = MAX_FRAME_BYTES) {
    this.#limit = limit
  }

  get buffered(): number {
    return this.#partial.length + this.#inbox.unread
  }

  append(chunk: Uint8Array): void {
    if (this.#refusal === undefined) this.#inbox.append(chunk)
  }

  take(): Either<WireError, Option<Buffer>> {
    if (this.#refusal !== undefined) return this.#refusal
    for (
      let distance = this.#inbox.distanceTo(LF);
      distance !== -1;
      distance = this.#inbox.distanceTo(LF)
    ) {
      const line = withoutEnd(this.#joined(this.#inbox.read(distance + 1)))
      if (line.length > this.#limit) return this.#refuse(line.length)
      if (!isBlank(line)) return E.right(O.some(line))
    }
    return this.#keep()
  }

  end(): Either<WireError, Option<Buffer>> {
    const last = this.take()
    if (E.isLeft(last) || O.isSome(last.right)) return last
    const line = withoutEnd(this.#partial.release())
    return isBlank(line) ? NOT_YET : E.right(O.some(line))
  }

  #joined(piece: Buffer): Buffer {
    if (this.#partial.length === 0) return piece
    this.#partial.add(piece, this.#partial.length + piece.length)
    return this.#partial.release()
  }

  #keep(): Either<WireError, Option<Buffer>> {
    const length = this.buffered
    // A CR at the very end may be half of the line's end, which does not count.
    if (length > this.#limit + 1) return this.#refuse(length)
    if (this.#inbox.unread > 0) this.#partial.add(this.#inbox.read(length), this.#limit + 1)
    return length > this.#limit && this.#partial.last() !== CR ? this.#refuse(length) : NOT_YET
  }

  #refuse(length: number): Either<WireError, never> {
    this.#inbox.clear()
    this.#partial.release()
    this.#refusal = E.left(tooLong('line', length, this.#limit))
    return this.#refusal
  }
}

const withoutEnd = (line: Buffer): Buffer => {
  const end = line[line.length - 1] === LF ? line.length - 1 : line.length
  return line.subarray(0, line[end - 1] === CR ? end - 1 : end)
}

/** A loop, for a line may be 16 MiB of blanks. */
const isBlank = (line: Buffer): boolean => {
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false
  }
  return true
}
