/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import { type WireError, wireError } from './wire-error.js'

/** The bytes in front of every frame: its length without them, unsigned, big-endian. */
export const HEADER_BYTES = 4

/**
 * A text as one frame: four bytes of length, then its UTF-8. A text of more than {@link
 * MAX_FRAME_BYTES} bytes is `FrameTooLong`, for the host refuses it; the message says how long it
 * is and how long it may be.
 */
export const encodeFrame = (text: string): Either<WireError, Buffer> => {
  const length = Buffer.byteLength(text)
  if (length > MAX_FRAME_BYTES) return E.left(tooLong('message', length, MAX_FRAME_BYTES))
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length)
  frame.writeUInt32BE(length, 0)
  frame.write(text, HEADER_BYTES)
  return E.right(frame)
}

/**
 * The text in a piece that is exactly one frame within the limit; `undefined` where it is anything
 * else.
 */
export const wholeFrame = (piece: Buffer): Buffer | undefined => {
  const length = piece.length - HEADER_BYTES
  return length >= 0 && length <= MAX_FRAME_BYTES && piece.readUInt32BE(0) === length
    ? piece.subarray(HEADER_BYTES)
    : undefined
}

/** The error of something that is `length` bytes long, or at least that, and may be `limit`. */
export const tooLong = (what: string, length: number, limit: number, hint = ''): WireError =>
  wireError(
    'FrameTooLong',
    `a ${what} of ${length} bytes: at most ${limit} bytes are allowed${hint}`,
  )
