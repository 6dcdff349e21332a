/// <reference types="node" preserve="true" />

const NOTHING = Buffer.alloc(0)
const SMALLEST = 256

/**
 * The bytes that were appended to a decoder and not taken yet: a copy of the front of a message
 * that comes in pieces, and behind it the last piece as it arrived.
 *
 * A message that lies whole in one piece is taken as a view of that piece. The copy of a front
 * grows by doubling: every byte is copied a constant number of times however small the pieces are,
 * and there is never more than twice the memory of what has arrived (or {@link SMALLEST} bytes).
 */
export class InputBuffer {
  #front: Buffer = NOTHING
  #frontLength = 0
  #piece: Buffer = NOTHING
  #start = 0
  #end = 0
  /** Whether `#piece` is memory of this object, which has room behind `#end`. */
  #owned = false

  /** How many bytes wait. */
  get length(): number {
    return this.#frontLength + this.#end - this.#start
  }

  append(chunk: Uint8Array): void {
    const unread = this.#end - this.#start
    if (unread === 0) return this.#hold(viewOf(chunk), chunk.length, false)
    if (!this.#owned || this.#end + chunk.length > this.#piece.length) {
      // Views of the old buffer may be in use, so bytes move to a new one and never within one.
      const grown = Buffer.allocUnsafe(2 * (unread + chunk.length))
      this.#piece.copy(grown, 0, this.#start, this.#end)
      this.#hold(grown, unread, true)
    }
    this.#piece.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /** The big-endian unsigned 32-bit number at the front; `undefined` before all of it is there. */
  uint32(): number | undefined {
    if (this.#frontLength === 0)
      return this.#end - this.#start < 4 ? undefined : uint32At(this.#piece, this.#start)
    if (this.#frontLength < 4) this.#gather(4 - this.#frontLength, 4)
    return this.#frontLength < 4 ? undefined : uint32At(this.#front, 0)
  }

  /** The index of a byte that is not in the front of an unfinished message; -1 without one. */
  indexOf(byte: number): number {
    const at = this.#piece.subarray(this.#start, this.#end).indexOf(byte)
    return at === -1 ? -1 : this.#frontLength + at
  }

  /** The last byte of an unfinished message that was {@link keep kept}; -1 without one. */
  last(): number {
    return this.#front[this.#frontLength - 1] ?? -1
  }

  /**
   * Takes a message of `size` bytes, without the first `skipped` of them. All of it must be there,
   * and it must be longer than what was kept of it.
   */
  take(size: number, skipped = 0): Buffer {
    if (this.#frontLength > 0) {
      this.#gather(size - this.#frontLength, size)
      return this.#release(skipped)
    }
    const end = this.#start + size
    const view = this.#piece.subarray(this.#start + skipped, end)
    if (end === this.#end) this.#hold(NOTHING, 0, false)
    else this.#start = end
    return view
  }

  /**
   * Copies all bytes, the front of a message that will not be longer than `ceiling`, so that the
   * piece in which they came is free again.
   */
  keep(ceiling: number): void {
    this.#gather(this.#end - this.#start, ceiling)
  }

  /** Forgets everything. */
  clear(): void {
    this.#hold(NOTHING, 0, false)
    this.#release()
  }

  /** Moves up to `count` bytes from the piece to the front. */
  #gather(count: number, ceiling: number): void {
    const end = Math.min(this.#start + count, this.#end)
    const bytes = this.#piece.subarray(this.#start, end)
    if (end === this.#end) this.#hold(NOTHING, 0, false)
    else this.#start = end
    const needed = this.#frontLength + bytes.length
    if (needed > this.#front.length) {
      const room = Math.max(2 * this.#front.length, SMALLEST)
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(ceiling, room)))
      this.#front.copy(grown, 0, 0, this.#frontLength)
      this.#front = grown
    }
    this.#front.set(bytes, this.#frontLength)
    this.#frontLength = needed
  }

  #release(skipped = 0): Buffer {
    const whole = this.#front.subarray(skipped, this.#frontLength)
    this.#front = NOTHING
    this.#frontLength = 0
    return whole
  }

  #hold(piece: Buffer, end: number, owned: boolean): void {
    this.#piece = piece
    this.#start = 0
    this.#end = end
    this.#owned = owned
  }
}

const viewOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** As `readUInt32BE`, without its checks: those take a fifteenth of the time of a frame. */
const uint32At = (bytes: Buffer, at: number): number => {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  const low = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  return high * 65_536 + low
}
