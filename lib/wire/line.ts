/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { MAX_FRAME_BYTES } from '../domain/host.js'
import { tooLong } from './frame.js'
import type { WireError } from './wire-error.js'

/**
 * A JSON text as one line. Line breaks in it, which JSON has only between its tokens, become
 * spaces. A text of more than {@link MAX_FRAME_BYTES} bytes is `FrameTooLong`, as in a frame.
 */
export const encodeLine = (text: string): Either<WireError, Buffer> => {
  const length = Buffer.byteLength(text)
  if (length > MAX_FRAME_BYTES) return E.left(tooLong('message', length, MAX_FRAME_BYTES))
  return E.right(Buffer.from(`${/[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text}\n`))
}
