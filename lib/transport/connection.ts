/// <reference types="node" preserve="true" />
import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { errorAnswer } from '../domain/error-answer.js'
import type { Answer, HostMessage, RequestId } from '../domain/message.js'
import type { Peer } from '../domain/peer.js'
import { serializationError } from '../domain/plugin-error.js'
import type { Dialect } from '../wire/dialect.js'
import { decodeBytes } from '../wire/dialects.js'
import { type Framing, framingOf } from '../wire/framing.js'
import type { MessageDecoder } from '../wire/message-decoder.js'
import type { WireError } from '../wire/wire-error.js'

/** Answers one message of a peer: at once, later, or, where the message gets no answer, with `null`. Never rejects. */
export type Receive = (message: HostMessage, peer: Peer) => Answer | null | Promise<Answer | null>

/** What a connection needs from around it. */
export interface ConnectionPlace {
  readonly receive: Receive
  /** The time stamp of an answer: RFC 3339, UTC. */
  readonly timestamp: () => string
  /** Told why a connection is closed on which something came that is no message. */
  readonly onFault: (error: WireError) => void
  /** How many requests of one connection may be on their way at once; past it nothing more is read. */
  readonly maxInFlight: number
}

/** How many bytes of answers are gathered before they are written, though more messages wait. */
const WRITE_AT = 65_536

/**
 * One end of a connection: bytes in, messages to `receive`, answers out, in the dialect and the framing of their requests.
 *
 * Answers go out as they are ready, those of requests without a `request_id` in the order of the requests; KV operations begin one after the other. What is
 * answered while one piece of input is worked through leaves in one write. A peer that closes its writing half still gets its answers.
 */
export class Connection implements Peer {
  readonly #stream: Duplex
  readonly #place: ConnectionPlace
  #input: { readonly framing: Framing; readonly decoder: MessageDecoder } | undefined
  #lost = false
  /** No more input is taken: the peer has ended, something came that is no message, or the plugin stops. */
  #closing = false
  #inFlight = 0
  #pumping = false
  #writable = true
  readonly #ready: Buffer[] = []
  #readyBytes = 0
  readonly #onLost = new Set<() => void>()
  #lastKv: Promise<unknown> | undefined
  #lastNameless: Promise<unknown> | undefined

  constructor(stream: Duplex, place: ConnectionPlace) {
    this.#stream = stream
    this.#place = place
    stream.on('data', (chunk: Buffer) => this.#append(chunk))
    stream.on('end', () => this.#end())
    stream.on('drain', () => {
      this.#writable = true
      this.#pump()
    })
    // Whoever is at the other end may leave at any time; 'close' follows and says all that matters.
    stream.on('error', () => undefined)
    stream.on('close', () => this.#close())
  }

  get lost(): boolean {
    return this.#lost
  }

  onLost(f: () => void): () => void {
    this.#onLost.add(f)
    return () => this.#onLost.delete(f)
  }

  /** Takes no more requests, lets those that run be answered, then closes. */
  finish(): void {
    this.#closing = true
    this.#closeWhenDone()
  }

  /** Closes now. */
  destroy(): void {
    this.#stream.destroy()
  }

  #append(chunk: Buffer): void {
    if (this.#closing) return
    const first = chunk[0]
    if (first === undefined) return
    if (this.#input === undefined) {
      const framing = framingOf(first)
      this.#input = { framing, decoder: framing.decoder() }
    }
    this.#input.decoder.append(chunk)
    this.#pump()
  }

  /** Takes messages for as long as there are any and answers can be made and sent; stops reading where they cannot. */
  #pump(): void {
    if (this.#pumping || this.#input === undefined) return
    this.#pumping = true
    const { framing, decoder } = this.#input
    let more = true
    while (more && !this.#closing && this.#inFlight < this.#place.maxInFlight && this.#writable) {
      const taken = decoder.take()
      if (E.isLeft(taken)) this.#fail(taken.left)
      else if (O.isNone(taken.right)) more = false
      else this.#message(taken.right.value, framing)
      // One write for many small answers, but no hoard of large ones that a slow reader does not take.
      if (this.#readyBytes >= WRITE_AT) this.#flush()
    }
    this.#pumping = false
    this.#flush()
    if (this.#closing) this.#closeWhenDone()
    else if (more) this.#stream.pause()
    else if (this.#stream.isPaused()) this.#stream.resume()
  }

  #message(bytes: Buffer, framing: Framing): void {
    const decoded = decodeBytes(bytes)
    if (E.isLeft(decoded)) {
      this.#fail(decoded.left)
      return
    }
    const { dialect, message } = decoded.right
    const answer = message._tag === 'Kv' ? this.#afterEarlierKv(message) : this.#place.receive(message, this)
    if (answer === null) return
    const requestId = 'requestId' in message ? message.requestId : undefined
    if (answer instanceof Promise || (requestId == null && this.#lastNameless !== undefined)) {
      this.#later(Promise.resolve(answer), dialect, framing, requestId)
    } else {
      this.#answer(answer, dialect, framing, requestId)
    }
  }

  /** KV operations of one connection take effect in the order in which they arrived. */
  #afterEarlierKv(message: HostMessage): Answer | null | Promise<Answer | null> {
    const earlier = this.#lastKv
    const answer = earlier === undefined ? this.#place.receive(message, this) : earlier.then(() => this.#place.receive(message, this))
    if (!(answer instanceof Promise)) return answer
    const last = answer.then(() => {
      if (this.#lastKv === last) this.#lastKv = undefined
    })
    this.#lastKv = last
    return answer
  }

  #later(answer: Promise<Answer | null>, dialect: Dialect, framing: Framing, requestId: RequestId): void {
    this.#inFlight++
    const done = (ready: Answer | null): void => {
      this.#inFlight--
      if (ready !== null) this.#answer(ready, dialect, framing, requestId)
      if (!this.#pumping) this.#flush()
      this.#pump()
    }
    if (requestId != null) {
      answer.then(done)
      return
    }
    // Without a name an answer is known by its place alone, so it waits for those before it.
    const last = Promise.all([answer, this.#lastNameless]).then(([ready]) => {
      if (this.#lastNameless === last) this.#lastNameless = undefined
      done(ready)
    })
    this.#lastNameless = last
  }

  #answer(answer: Answer, dialect: Dialect, framing: Framing, requestId: RequestId): void {
    if (this.#lost) return
    const timestamp = this.#place.timestamp()
    const bytes = framing.encode(dialect.encodeAnswer(requestId, answer, timestamp))
    if (E.isRight(bytes)) {
      this.#send(bytes.right)
      return
    }
    this.#place.onFault(bytes.left)
    const instead: Answer =
      answer._tag === 'KvAnswer' ? { _tag: 'KvAnswer', value: null } : errorAnswer(serializationError(bytes.left.message))
    const small = framing.encode(dialect.encodeAnswer(requestId, instead, timestamp))
    if (E.isRight(small)) this.#send(small.right)
  }

  #send(bytes: Buffer): void {
    this.#ready.push(bytes)
    this.#readyBytes += bytes.length
  }

  #flush(): void {
    if (this.#ready.length === 0) return
    const [only, ...others] = this.#ready.splice(0)
    this.#readyBytes = 0
    if (this.#lost || only === undefined) return
    this.#writable = this.#stream.write(others.length === 0 ? only : Buffer.concat([only, ...others]))
  }

  #fail(error: WireError): void {
    this.#closing = true
    this.#place.onFault(error)
  }

  #end(): void {
    if (!this.#closing && this.#input !== undefined) this.#rest(this.#input.framing, this.#input.decoder)
    this.#closing = true
    this.#closeWhenDone()
  }

  /** At the end of the input: what was not taken for lack of room is taken now, and a last line counts without its line feed. */
  #rest(framing: Framing, decoder: MessageDecoder): void {
    this.#pumping = true
    for (;;) {
      const taken = decoder.end()
      if (E.isLeft(taken)) this.#fail(taken.left)
      if (E.isLeft(taken) || O.isNone(taken.right)) break
      this.#message(taken.right.value, framing)
      if (this.#closing) break
    }
    this.#pumping = false
    this.#flush()
  }

  #closeWhenDone(): void {
    if (this.#inFlight > 0 || this.#lost) return
    // Input that is left unread would make the system tell the peer of a reset, so it is read and dropped.
    this.#stream.resume()
    this.#stream.end()
    if (this.#stream.readableEnded) return
    this.#stream.once('finish', () => this.#stream.destroy())
  }

  #close(): void {
    this.#lost = true
    for (const f of this.#onLost) f()
    this.#onLost.clear()
  }
}
