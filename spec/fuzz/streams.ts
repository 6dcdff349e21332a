import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { decodeBytes, type Incoming } from '../../lib/wire/dialects.js'
import { framingOf } from '../../lib/wire/framing.js'
import type { MessageDecoder } from '../../lib/wire/message-decoder.js'
import type { WireError } from '../../lib/wire/wire-error.js'

/** What became of a stream of bytes. */
export interface Read {
  /** The texts of the messages that came, as bytes. */
  readonly texts: ReadonlyArray<Buffer>
  readonly messages: ReadonlyArray<Incoming>
  /** Why no more was read. */
  readonly error: WireError | undefined
}

/**
 * Reads a stream as a connection does: the first byte says the framing, and what is no message ends
 * it.
 */
export const read = (pieces: ReadonlyArray<Buffer>): Read => {
  const first = pieces.find(piece => piece.length > 0)?.[0]
  const decoder: MessageDecoder | undefined =
    first === undefined ? undefined : framingOf(first).decoder()
  const texts: Buffer[] = []
  const messages: Incoming[] = []
  if (decoder === undefined) return { texts, messages, error: undefined }
  for (const piece of [...pieces, undefined]) {
    if (piece !== undefined) decoder.append(piece)
    for (;;) {
      const taken = piece === undefined ? decoder.end() : decoder.take()
      if (E.isLeft(taken)) return { texts, messages, error: taken.left }
      if (O.isNone(taken.right)) break
      texts.push(taken.right.value)
      const decoded = decodeBytes(taken.right.value)
      if (E.isLeft(decoded)) return { texts, messages, error: decoded.left }
      messages.push(decoded.right)
    }
  }
  return { texts, messages, error: undefined }
}
