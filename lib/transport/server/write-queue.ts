/// <reference types="node" preserve="true" />
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** How many bytes are gathered before they are written, though more messages wait. */
const WRITE_AT = 65_536

const NO_BYTES = Buffer.alloc(0)

/**
 * The answers of one connection that are not written yet: the answers to one piece of input need
 * only one write.
 */
export class WriteQueue {
  readonly #stream: Duplex
  // Most writes are of one answer, which needs no array.
  #first: Buffer | undefined
  #more: Buffer[] | undefined
  #length = 0

  constructor(stream: Duplex) {
    this.#stream = stream
  }

  /** How many bytes were not given to the system yet. */
  get length(): number {
    return this.#length + this.#stream.writableLength
  }

  /**
   * Adds an answer. Once there are 64 KiB they are written, so that little waits here for a slow
   * reader. False where the peer has to read before more is written.
   */
  add(bytes: Buffer): boolean {
    if (this.#first === undefined) this.#first = bytes
    else if (this.#more === undefined) this.#more = [bytes]
    else this.#more.push(bytes)
    this.#length += bytes.length
    return this.#length < WRITE_AT || this.flush()
  }

  /** Writes what was added. False as for {@link add}. */
  flush(): boolean {
    const first = this.#first
    if (first === undefined) return true
    const bytes =
      this.#more === undefined ? first : Buffer.concat([first, ...this.#more], this.#length)
    this.clear()
    return this.#stream.write(bytes)
  }

  /**
   * Writes no bytes, which fails if the peer has closed its socket: without a write this looks like
   * a peer that has closed its writing half.
   */
  probe(): void {
    this.#stream.write(NO_BYTES)
  }

  /** Closes the stream so that the peer reads everything that was written. */
  close(): void {
    const stream = this.#stream
    // The peer has ended and the system has every byte: to end the stream first would only be one
    // more system call.
    if (stream instanceof Socket && stream.readableEnded && stream.writableLength === 0) {
      stream.destroy()
      return
    }
    // With unread input the system would reset the connection, so it is read and dropped.
    stream.resume()
    stream.end()
    if (!stream.readableEnded) stream.once('finish', () => stream.destroy())
  }

  /** Forgets what was added. */
  clear(): void {
    this.#first = undefined
    this.#more = undefined
    this.#length = 0
  }
}
