/// <reference types="node" preserve="true" />
import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { errorAnswer } from '../../domain/error-answer.js'
import type { Answer, RequestId } from '../../domain/message.js'
import { serializationError } from '../../domain/plugin-error.js'
import type { Dialect } from '../../wire/dialect.js'
import type { Framing } from '../../wire/framing.js'
import type { WireError } from '../../wire/wire-error.js'

/** How an answer has to be written: as its request was. */
export interface Envelope {
  readonly dialect: Dialect
  readonly framing: Framing
  readonly requestId: RequestId
}

/** What an outbox needs from around it. */
export interface WriteQueueOptions {
  /** The time stamp of an answer: RFC 3339, UTC. */
  readonly timestamp: () => string
  /**
   * Told why an answer cannot be sent; a small one that says so goes out in its place, and the
   * connection stays.
   */
  readonly onUnsent: (error: WireError) => void
}

/** How many bytes of answers are gathered before they are written, though more messages wait. */
const WRITE_AT = 65_536

const NO_BYTES = Buffer.alloc(0)

/**
 * The answers of one connection on their way out. They are gathered, so that those to one piece of
 * input leave in one write.
 */
export class WriteQueue {
  readonly #stream: Duplex
  readonly #options: WriteQueueOptions
  readonly #drained: () => void
  readonly #ready: Buffer[] = []
  #readyBytes = 0
  #writable = true

  /** `drained` is called when the peer takes what is written again. */
  constructor(stream: Duplex, options: WriteQueueOptions, drained: () => void) {
    this.#stream = stream
    this.#options = options
    this.#drained = drained
  }

  /** Whether the peer takes what is written. */
  get writable(): boolean {
    return this.#writable
  }

  /** Bytes that were not given to the system yet. */
  get bufferedBytes(): number {
    return this.#readyBytes + this.#stream.writableLength
  }

  /**
   * Puts an answer in. A long one, or many, leave at once: a slow reader must not make them pile up
   * here.
   */
  put(answer: Answer, envelope: Envelope): void {
    const bytes = encoded(answer, envelope, this.#options)
    if (bytes === undefined) return
    this.#ready.push(bytes)
    this.#readyBytes += bytes.length
    if (this.#readyBytes >= WRITE_AT) this.flush()
  }

  /** Writes what was put in. */
  flush(): void {
    const ready = this.#ready
    if (ready.length === 0) return
    const [only] = ready
    const taken = this.#stream.write(
      ready.length === 1 && only !== undefined ? only : Buffer.concat(ready, this.#readyBytes),
    )
    ready.length = 0
    this.#readyBytes = 0
    // Listened for only then: nearly every connection ends without ever being full.
    if (taken || !this.#writable) return
    this.#writable = false
    this.#stream.once('drain', () => this.#drain())
  }

  #drain(): void {
    this.#writable = true
    this.#drained()
  }

  /**
   * Asks whether the peer is still there. One that has closed altogether looks like one that only
   * writes no more, until something is written to it. No bytes at all are enough, and are nothing
   * to one that still reads.
   */
  probe(): void {
    this.#stream.write(NO_BYTES)
  }

  /** Nobody reads any more. */
  clear(): void {
    this.#ready.length = 0
    this.#readyBytes = 0
  }
}

const encoded = (
  answer: Answer,
  { dialect, framing, requestId }: Envelope,
  { timestamp, onUnsent }: WriteQueueOptions,
): Buffer | undefined => {
  const bytes = framing.encode(dialect.encodeAnswer(requestId, answer, timestamp()))
  if (E.isRight(bytes)) return bytes.right
  onUnsent(bytes.left)
  const instead: Answer =
    answer._tag === 'KvAnswer'
      ? { _tag: 'KvAnswer', value: null }
      : errorAnswer(serializationError(bytes.left.message))
  const small = framing.encode(dialect.encodeAnswer(requestId, instead, timestamp()))
  return E.isRight(small) ? small.right : undefined
}
