/// <reference types="node" preserve="true" />

const NOTHING = Buffer.alloc(0)
const SMALLEST = 256

/**
 * Gathers the pieces of one message in one buffer. It grows by doubling, so every byte is copied a
 * constant number of times however small the pieces are, and it is never more than twice as large
 * as what has arrived (or {@link SMALLEST} bytes).
 */
export class Accumulator {
  #bytes: Buffer = NOTHING
  #length = 0

  /** How many bytes are here. */
  get length(): number {
    return this.#length
  }

  /** How many bytes there is room for: what this object costs. */
  get capacity(): number {
    return this.#bytes.length
  }

  /**
   * Adds a piece. The whole will not be longer than `ceiling`, so more room than that is never
   * made.
   */
  add(piece: Uint8Array, ceiling = Number.POSITIVE_INFINITY): void {
    const needed = this.#length + piece.length
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(
        Math.max(needed, Math.min(ceiling, Math.max(2 * this.#bytes.length, SMALLEST))),
      )
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    this.#bytes.set(piece, this.#length)
    this.#length = needed
  }

  /** The unsigned 32-bit number, big-endian, at the front. At least 4 bytes must be here. */
  peekLength(): number {
    return this.#bytes.readUInt32BE(0)
  }

  /** The last byte; -1 where there is none. */
  last(): number {
    return this.#bytes[this.#length - 1] ?? -1
  }

  /**
   * Hands over what was gathered and keeps nothing of it: a large buffer does not outlive its
   * message here.
   */
  release(): Buffer {
    const whole = this.#bytes.subarray(0, this.#length)
    this.#bytes = NOTHING
    this.#length = 0
    return whole
  }
}
