/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import { encodeFrame, FrameDecoder, wholeFrame } from './frames.js'
import { encodeLine, LineDecoder } from './lines.js'
import type { MessageDecoder } from './message-decoder.js'
import type { WireError } from './wire-error.js'

/** How messages follow one another on a connection: each behind its length, or a line each. */
export type FramingName = 'frames' | 'lines'

/** How the messages of a connection are separated, in both directions. */
export interface Framing {
  readonly name: FramingName
  /** A decoder for one connection. `limit`: the longest message in bytes, 16 MiB unless said. */
  readonly decoder: (limit?: number) => MessageDecoder
  /** The message in a piece that is exactly one message; it needs no decoder. */
  readonly whole: (piece: Buffer) => Buffer | undefined
  /** The bytes of one message from its JSON text; `FrameTooLong` over 16 MiB. */
  readonly encode: (text: string) => Either<WireError, Buffer>
}

/** Four bytes of length, then the text: what every host sends. */
export const frames: Framing = {
  name: 'frames',
  decoder: limit => new FrameDecoder(limit),
  whole: wholeFrame,
  encode: encodeFrame,
}

/** The text and a line feed: what a person with `socat` types. */
export const lines: Framing = {
  name: 'lines',
  decoder: limit => new LineDecoder(limit),
  whole: () => undefined,
  encode: encodeLine,
}

/** The framings by name. */
export const framings: Readonly<Record<FramingName, Framing>> = { frames, lines }

/**
 * The framing of a connection, by its first byte. No frame begins with `{` or JSON white space: its
 * length would be 144 MiB or more (docs/protocol.md#framing).
 */
export const framingOf = (firstByte: number): Framing =>
  STARTS_A_LINE.has(firstByte) ? lines : frames

/** `{`, space, tab, LF, CR. */
const STARTS_A_LINE: ReadonlySet<number> = new Set([0x7b, 0x20, 0x09, 0x0a, 0x0d])
