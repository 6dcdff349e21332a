/// <reference types="node" preserve="true" />

const NOTHING = Buffer.alloc(0)

/**
 * The bytes that were appended to a decoder and not read yet. A piece that arrives when everything
 * before it was read is kept as it is; only a reader that leaves bytes behind pays for joining
 * them, into a buffer that grows by doubling.
 */
export class Inbox {
  #bytes: Buffer = NOTHING
  #start = 0
  #end = 0
  #owned = false

  /** How many bytes wait. */
  get unread(): number {
    return this.#end - this.#start
  }

  append(chunk: Uint8Array): void {
    const unread = this.unread
    if (unread === 0) {
      this.#hold(
        Buffer.isBuffer(chunk)
          ? chunk
          : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
        chunk.length,
        false,
      )
      return
    }
    if (!this.#owned || this.#end + chunk.length > this.#bytes.length) {
      // Views of the old buffer may be in use, so bytes move to a new one and never within one.
      const grown = Buffer.allocUnsafe(2 * (unread + chunk.length))
      this.#bytes.copy(grown, 0, this.#start, this.#end)
      this.#hold(grown, unread, true)
    }
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /** The unsigned 32-bit number, big-endian, at the front. At least 4 bytes must wait. */
  peekLength(): number {
    return this.#bytes.readUInt32BE(this.#start)
  }

  /** How many bytes stand before the first `byte`; -1 where it is not there. */
  distanceTo(byte: number): number {
    return this.#bytes.subarray(this.#start, this.#end).indexOf(byte)
  }

  /** Takes at most `count` bytes off the front, as a view without the first `skipped` of them. */
  read(count: number, skipped = 0): Buffer {
    const end = Math.min(this.#start + count, this.#end)
    const view = this.#bytes.subarray(this.#start + skipped, end)
    if (end === this.#end) this.clear()
    else this.#start = end
    return view
  }

  /** Forgets everything that waits. */
  clear(): void {
    this.#hold(NOTHING, 0, false)
  }

  #hold(bytes: Buffer, end: number, owned: boolean): void {
    this.#bytes = bytes
    this.#start = 0
    this.#end = end
    this.#owned = owned
  }
}
