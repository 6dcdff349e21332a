import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { MessageDecoder } from '../../lib/wire/message-decoder.js'
import type { WireError } from '../../lib/wire/wire-error.js'

/** What a decoder gave: the texts, and the error that stopped it. */
export interface Drained {
  readonly texts: ReadonlyArray<string>
  readonly error: WireError | undefined
}

/** Takes everything that a decoder has, at the end of the connection or before it. */
export const drain = (decoder: MessageDecoder, atEnd = false): Drained => {
  const texts: string[] = []
  for (;;) {
    const taken = atEnd ? decoder.end() : decoder.take()
    if (E.isLeft(taken)) return { texts, error: taken.left }
    if (O.isNone(taken.right)) return { texts, error: undefined }
    texts.push(taken.right.value.toString())
  }
}

/** Appends pieces one by one, takes all there is after each, and ends. */
export const feed = (decoder: MessageDecoder, pieces: ReadonlyArray<Uint8Array>): Drained => {
  const texts: string[] = []
  for (const piece of pieces) {
    decoder.append(piece)
    const drained = drain(decoder)
    texts.push(...drained.texts)
    if (drained.error !== undefined) return { texts, error: drained.error }
  }
  const last = drain(decoder, true)
  return { texts: [...texts, ...last.texts], error: last.error }
}

/** Cuts bytes at the given places, which may repeat and lie past the end. */
export const cutAt = (bytes: Buffer, places: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  const sorted = [0, ...places.map(place => Math.min(place, bytes.length)), bytes.length].sort(
    (a, b) => a - b,
  )
  return sorted.slice(1).map((end, i) => Buffer.from(bytes.subarray(sorted[i], end)))
}

/** The bytes of a frame around any payload. */
export const frameOf = (payload: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(payload)
  const header = Buffer.alloc(4)
  header.writeUInt32BE(bytes.length)
  return Buffer.concat([header, bytes])
}
