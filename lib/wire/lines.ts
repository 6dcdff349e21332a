/// <reference types="node" preserve="true" />
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import type { InputBuffer } from './input-buffer.js'
import { MessageDecoder, NOT_YET, type Splitter, type Taken } from './message-decoder.js'
import { tooLong, type WireError } from './wire-error.js'

const LF = 0x0a
const CR = 0x0d
const TAB = 0x09
const SPACE = 0x20

/**
 * Encodes a JSON text as one line. Line breaks in it, which JSON has only between tokens, become
 * spaces. A text of more than {@link MAX_FRAME_BYTES} bytes is `FrameTooLong`, as in a frame.
 */
export const encodeLine = (text: string): E.Either<WireError, Buffer> => {
  const length = Buffer.byteLength(text)
  if (length > MAX_FRAME_BYTES) return E.left(tooLong('message', length, MAX_FRAME_BYTES))
  return E.right(Buffer.from(`${/[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text}\n`))
}

/**
 * Splits bare JSON, a line each, into the texts of its messages: what a person types into `socat`
 * (docs/protocol.md#framing).
 *
 * A line ends with LF or CR LF; blank lines are skipped; the last line counts without an end when
 * the sender has ended. Every byte is looked at once, whatever the split. A line over the limit is
 * `FrameTooLong` as soon as that is certain.
 */
export class LineDecoder extends MessageDecoder {
  /**
   * `limit`: the longest line, in bytes and without its end; {@link MAX_FRAME_BYTES} unless said.
   */
  constructor(limit: number = MAX_FRAME_BYTES) {
    super(lineSplitter, limit)
  }
}

const lineSplitter: Splitter = {
  next: (input, limit) => {
    for (let at = input.indexOf(LF); at !== -1; at = input.indexOf(LF)) {
      const line = withoutEnd(input.take(at + 1))
      if (line.length > limit) return E.left(tooLong('line', line.length, limit))
      if (!isBlank(line)) return E.right(O.some(line))
    }
    return keep(input, limit)
  },
  rest: input => {
    const line = withoutEnd(input.take(input.length))
    return isBlank(line) ? NOT_YET : E.right(O.some(line))
  },
}

/** A CR at the very end may be half of the line's end, which does not count. */
const keep = (input: InputBuffer, limit: number): Taken => {
  const { length } = input
  if (length <= limit + 1) input.keep(limit + 1)
  return length > limit + 1 || (length > limit && input.last() !== CR)
    ? E.left(tooLong('line', length, limit))
    : NOT_YET
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
