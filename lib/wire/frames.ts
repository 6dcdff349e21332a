/// <reference types="node" preserve="true" />
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import { MessageDecoder, NOT_YET, type Splitter } from './message-decoder.js'
import { tooLong, type WireError, wireError } from './wire-error.js'

/** The bytes in front of every frame: its length without them, unsigned, big-endian. */
const HEADER_BYTES = 4

/**
 * Encodes a text as one frame: four bytes of length, then its UTF-8. A text of more than
 * {@link MAX_FRAME_BYTES} bytes is `FrameTooLong`: the host would refuse it.
 */
export const encodeFrame = (text: string): E.Either<WireError, Buffer> => {
  const length = Buffer.byteLength(text)
  if (length > MAX_FRAME_BYTES) return E.left(tooLong('message', length, MAX_FRAME_BYTES))
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length)
  frame.writeUInt32BE(length, 0)
  frame.write(text, HEADER_BYTES)
  return E.right(frame)
}

/** The text in a piece that is exactly one frame; `undefined` for any other piece. */
export const wholeFrame = (piece: Buffer): Buffer | undefined => {
  const length = piece.length - HEADER_BYTES
  return length >= 0 && length <= MAX_FRAME_BYTES && piece.readUInt32BE(0) === length
    ? piece.subarray(HEADER_BYTES)
    : undefined
}

/**
 * Splits a stream of frames into the texts of its messages (docs/protocol.md#framing).
 *
 * The work is linear in the bytes that arrived, whatever their split, and memory is taken for bytes
 * that came, never for a length that was only announced. A length over the limit is refused from
 * its four bytes (`FrameTooLong`), an end within a frame is `FrameCut`. A frame of length 0 is an
 * empty text, which is no JSON.
 */
export class FrameDecoder extends MessageDecoder {
  /** `limit`: the longest text, in bytes; {@link MAX_FRAME_BYTES} unless said. */
  constructor(limit: number = MAX_FRAME_BYTES) {
    super(frameSplitter, limit)
  }
}

const frameSplitter: Splitter = {
  next: (input, limit) => {
    const length = input.uint32()
    if (length === undefined) {
      input.keep(HEADER_BYTES)
      return NOT_YET
    }
    if (length > limit) return E.left(tooLong('frame', length, limit, hintAt(length)))
    const size = HEADER_BYTES + length
    if (size <= input.length) return E.right(O.some(input.take(size, HEADER_BYTES)))
    input.keep(size)
    return NOT_YET
  },
  rest: input => {
    if (input.length === 0) return NOT_YET
    const length = input.uint32()
    const where =
      length === undefined
        ? `the length of a message: ${input.length} of ${HEADER_BYTES} bytes came`
        : `a message: ${input.length - HEADER_BYTES} of ${length} bytes came`
    return E.left(wireError('FrameCut', `the connection ended within ${where}`))
  },
}

/** The usual mistake: something else than a host, such as `curl`, talks to the socket. */
const hintAt = (length: number): string => {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(length)
  return header.every(byte => byte >= 0x20 && byte < 0x7f)
    ? ` (its first four bytes are the text ${JSON.stringify(header.toString())}, no length)`
    : ''
}
