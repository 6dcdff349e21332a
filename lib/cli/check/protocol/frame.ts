import { MAX_FRAME_BYTES } from '../../../domain/host.js'
import { cut } from './json.js'

// This room writes and reads messages by hand and uses none of `lib/wire`, on purpose: a mistake
// there would pass its own check.

/** Frames a message, an object as JSON or bytes: four bytes of length, big-endian, then it. */
export const frame = (message: object): Buffer => {
  const body = bytesOf(message)
  return Buffer.concat([header(body.length), body])
}

/** The same with a little-endian length, to see whether a silent plugin expects that. */
export const littleEndianFrame = (message: object): Buffer => {
  const body = bytesOf(message)
  return Buffer.concat([header(body.length).reverse(), body])
}

/** The header of a message of so many bytes. */
export const header = (length: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

/** The first frame in bytes, that there is none, or that more bytes are needed. */
export type Taken =
  | { readonly _tag: 'Frame'; readonly body: Buffer; readonly rest: Buffer }
  | { readonly _tag: 'Wrong'; readonly got: string }
  | { readonly _tag: 'More' }

/** Splits the first frame from the bytes received. */
export const takeFrame = (bytes: Buffer): Taken => {
  if (bytes.length < 4) return { _tag: 'More' }
  const length = bytes.readUInt32BE()
  if (length > MAX_FRAME_BYTES) return { _tag: 'Wrong', got: describeBytes(bytes) }
  return bytes.length < 4 + length
    ? { _tag: 'More' }
    : { _tag: 'Frame', body: bytes.subarray(4, 4 + length), rest: bytes.subarray(4 + length) }
}

/** Says what bytes are that are not a frame. */
export const describeBytes = (bytes: Buffer): string => {
  if (bytes.length < 4) return `${bytes.length} bytes, and no whole length`
  const [big, little] = [bytes.readUInt32BE(), bytes.readUInt32LE()]
  const preview = cut(JSON.stringify(bytes.subarray(0, 60).toString('latin1')), 80)
  if (little === bytes.length - 4)
    return (
      `a length in little-endian bytes (${little} bytes follow; read as big-endian it says ` +
      `${big})`
    )
  if (/^\s*[{[]/.test(bytes.subarray(0, 16).toString('latin1')))
    return `JSON without a length before it: ${preview}`
  if (big > MAX_FRAME_BYTES)
    return `a frame that declares ${big} bytes, past the limit of ${MAX_FRAME_BYTES}: ${preview}`
  return `${bytes.length - 4} of the ${big} bytes that its length declares`
}

const bytesOf = (message: object): Buffer =>
  message instanceof Uint8Array ? Buffer.from(message) : Buffer.from(JSON.stringify(message))
