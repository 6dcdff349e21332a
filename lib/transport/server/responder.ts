/// <reference types="node" preserve="true" />
import * as E from 'fp-ts/lib/Either.js'
import { errorAnswer } from '../../domain/error-answer.js'
import type { Answer, Peer, RequestId } from '../../domain/message.js'
import { serializationError } from '../../domain/plugin-error.js'
import type { Dialect } from '../../wire/dialect.js'
import { decodeBytes, type Incoming } from '../../wire/dialects.js'
import type { Framing } from '../../wire/framing.js'
import type { WireError } from '../../wire/wire-error.js'
import { AnswerOrder } from './answer-order.js'
import type { ConnectionOptions } from './connection-options.js'

/** Where answers go. */
export interface AnswerTarget extends Peer {
  /** Queues the bytes of an answer. */
  send(bytes: Buffer): void
  /** Called with how many of the {@link Responder.pending} requests were answered in one turn. */
  answered(count: number): void
}

/** How an answer has to be written: as its request was. */
interface AnswerFormat {
  readonly dialect: Dialect
  readonly framing: Framing
  readonly requestId: RequestId
}

/** Answers the messages of one connection, in the dialect and the framing of each. */
export class Responder {
  readonly #options: ConnectionOptions
  readonly #target: AnswerTarget
  readonly #order = new AnswerOrder()
  #pending = 0
  #ready = 0

  constructor(options: ConnectionOptions, target: AnswerTarget) {
    this.#options = options
    this.#target = target
  }

  /** How many requests are answered later, of those since {@link takePending}. */
  get pending(): number {
    return this.#pending
  }

  /** Starts counting {@link pending} anew; yields what it was. */
  takePending(): number {
    const pending = this.#pending
    this.#pending = 0
    return pending
  }

  /** Answers a message, at once or later; left if it is invalid. */
  respond(bytes: Buffer, framing: Framing): E.Either<WireError, Incoming> {
    const decoded = decodeBytes(bytes)
    if (E.isLeft(decoded)) return decoded
    const { dialect, message } = decoded.right
    const answer = this.#order.answer(message, this.#target, this.#options.receive)
    if (answer === null) return decoded
    const requestId = 'requestId' in message ? message.requestId : undefined
    const format = { dialect, framing, requestId }
    if (answer instanceof Promise) this.#later(answer, format)
    else this.#send(answer, format)
    return decoded
  }

  /** The answers of one turn, such as those of a store to many requests, are sent together. */
  #later(answer: Promise<Answer | null>, format: AnswerFormat): void {
    this.#pending++
    answer.then(ready => {
      if (ready !== null && !this.#target.lost) this.#send(ready, format)
      this.#ready++
      if (this.#ready > 1) return
      process.nextTick(() => {
        const count = this.#ready
        this.#ready = 0
        this.#target.answered(count)
      })
    })
  }

  #send(answer: Answer, { dialect, framing, requestId }: AnswerFormat): void {
    const { timestamp, onUnsent } = this.#options
    const bytes = framing.encode(dialect.encodeAnswer(requestId, answer, timestamp()))
    if (E.isRight(bytes)) return this.#target.send(bytes.right)
    onUnsent(bytes.left)
    const instead: Answer =
      answer._tag === 'KvAnswer'
        ? { _tag: 'KvAnswer', value: null }
        : errorAnswer(serializationError(bytes.left.message))
    const small = framing.encode(dialect.encodeAnswer(requestId, instead, timestamp()))
    if (E.isRight(small)) this.#target.send(small.right)
  }
}
