// Counts the answers in a server's output without parsing them: the driver must cost less than the
// server.
import type { Protocol } from '../protocols.js'

/** Counts whole messages in a stream. */
export interface Splitter {
  /** How many messages end in the first `length` bytes of the next input. */
  readonly count: (bytes: Buffer, length: number) => number
}

/** A splitter for one connection. */
export const splitterOf = (protocol: Protocol): Splitter =>
  protocol === 'tagged' ? new LengthPrefixed() : new ContentLength()

class LengthPrefixed implements Splitter {
  /** The bytes of the length that have come, and the number that they make. */
  #headBytes = 0
  #length = 0
  /** How many bytes of the text have not come. */
  #missing = 0

  count(bytes: Buffer, length: number): number {
    let messages = 0
    let at = 0
    while (at < length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, length - at)
        at += taken
        this.#missing -= taken
        if (this.#missing === 0) messages++
      } else {
        this.#length = this.#length * 256 + (bytes[at++] ?? 0)
        if (++this.#headBytes === 4) {
          this.#missing = this.#length
          this.#headBytes = 0
          this.#length = 0
        }
      }
    }
    return messages
  }
}

const END_OF_HEAD = '\r\n\r\n'

class ContentLength implements Splitter {
  /** The head of a message whose end has not come. */
  #head = ''
  #missing = 0

  count(bytes: Buffer, length: number): number {
    let messages = 0
    let at = 0
    while (at < length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, length - at)
        at += taken
        this.#missing -= taken
      } else {
        const before = this.#head.length
        // A head is far shorter than this.
        const text = this.#head + bytes.toString('latin1', at, Math.min(length, at + 1_024))
        const end = text.indexOf(END_OF_HEAD)
        if (end === -1) {
          this.#head = text
          return messages
        }
        at += end + END_OF_HEAD.length - before
        this.#head = ''
        this.#missing = contentLengthOf(text.slice(0, end))
      }
      if (this.#missing === 0) messages++
    }
    return messages
  }
}

const contentLengthOf = (head: string): number =>
  Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
