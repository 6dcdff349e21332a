/// <reference types="node" preserve="true" />
import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Peer } from '../../domain/peer.js'
import { decodeBytes, type Incoming } from '../../wire/dialects.js'
import { type Framing, framingOf } from '../../wire/framing.js'
import type { MessageDecoder } from '../../wire/message-decoder.js'
import type { WireError } from '../../wire/wire-error.js'
import { type Answering, AnswerOrder } from './answer-order.js'
import type { ConnectionOptions, ServerConnection } from './connection-options.js'
import { closeGracefully } from './graceful-close.js'
import { type Envelope, WriteQueue } from './write-queue.js'

/** How often a peer that has ended is asked whether it is still there, in milliseconds. */
const PROBE_EVERY = 250

/**
 * One end of a connection: bytes in, messages to `receive`, answers out, in the dialect and the
 * framing of their requests. A peer that closes its writing half still gets its answers; what comes
 * that is no message closes the connection once those before it are answered.
 */
export class Connection implements Peer, ServerConnection {
  readonly #stream: Duplex
  readonly #options: ConnectionOptions
  readonly #queue: WriteQueue
  readonly #order = new AnswerOrder()
  #onLost: Set<() => void> | undefined
  #input: { readonly framing: Framing; readonly decoder: MessageDecoder } | undefined
  #lost = false
  /**
   * No more input is taken: the peer has ended, something came that is no message, or the plugin
   * stops.
   */
  #closing = false
  #pumping = false
  #gathering = false
  #inFlight = 0
  #bufferedBytes = 0
  #hasSentMessage = false
  #lastActivity: number
  #incompleteSince: number | undefined
  #probe: NodeJS.Timeout | undefined

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream
    this.#options = options
    this.#queue = new WriteQueue(stream, options, () => {
      this.#lastActivity = options.now()
      this.#pump()
      this.#onBufferedChange()
    })
    this.#lastActivity = options.now()
    this.#incompleteSince = this.#lastActivity
    stream.on('data', (chunk: Buffer) => this.#append(chunk))
    stream.on('end', () => this.#end())
    // Whoever is at the other end may leave at any time; 'close' follows and says all that matters.
    stream.on('error', () => undefined)
    stream.on('close', () => this.#leave())
  }

  get lost(): boolean {
    return this.#lost
  }
  get bufferedBytes(): number {
    return this.#bufferedBytes
  }
  get inFlight(): number {
    return this.#inFlight
  }

  get hasSentMessage(): boolean {
    return this.#hasSentMessage
  }

  get incompleteSince(): number | undefined {
    return this.#closing ? undefined : this.#incompleteSince
  }

  get lastActivity(): number {
    return this.#lastActivity
  }

  onLost(f: () => void): () => void {
    const waiting = this.#onLost ?? new Set()
    this.#onLost = waiting
    waiting.add(f)
    return () => waiting.delete(f)
  }

  /** Takes no more requests, lets those that run be answered, then closes. */
  finish(): void {
    this.#closing = true
    this.#closeWhenDone()
  }

  /** Closes now. */
  destroy(): void {
    this.#leave()
    this.#stream.destroy()
  }

  #append(chunk: Buffer): void {
    const first = chunk[0]
    if (this.#closing || first === undefined) return
    this.#lastActivity = this.#options.now()
    if (this.#input === undefined) {
      const framing = framingOf(first)
      const whole = this.#ready ? framing.whole(chunk) : undefined
      if (whole !== undefined) {
        // A piece that is one message needs no decoder: the connections of today's host consist of
        // nothing else.
        this.#message(whole, framing)
        return this.#settle()
      }
      this.#input = { framing, decoder: framing.decoder() }
    }
    this.#input.decoder.append(chunk)
    this.#pump()
    this.#onBufferedChange()
  }

  #settle(): void {
    this.#queue.flush()
    this.#closeWhenDone()
    this.#onBufferedChange()
  }

  /** Whether an answer can be made and sent. */
  get #ready(): boolean {
    return this.#inFlight < this.#options.maxInFlight && this.#queue.writable
  }

  /**
   * Takes messages for as long as there are any and answers can be made and sent; stops reading
   * where they cannot.
   */
  #pump(): void {
    if (this.#pumping || this.#input === undefined) return
    this.#pumping = true
    const { framing, decoder } = this.#input
    let more = true
    while (more && !this.#closing && this.#ready) {
      const taken = decoder.take()
      if (E.isLeft(taken)) this.#fail(taken.left)
      else if (O.isNone(taken.right)) more = false
      else this.#message(taken.right.value, framing)
    }
    this.#pumping = false
    this.#queue.flush()
    if (more || decoder.buffered === 0) this.#incompleteSince = undefined
    else this.#incompleteSince ??= this.#lastActivity
    if (this.#closing) this.#closeWhenDone()
    else if (more) this.#stream.pause()
    else if (this.#stream.isPaused()) this.#stream.resume()
  }

  #message(bytes: Buffer, framing: Framing): void {
    this.#hasSentMessage = true
    this.#incompleteSince = undefined
    const decoded = decodeBytes(bytes)
    if (E.isLeft(decoded)) return this.#fail(decoded.left)
    const requestId =
      'requestId' in decoded.right.message ? decoded.right.message.requestId : undefined
    const begun = this.#begin(decoded.right)
    const answer = begun !== null && requestId == null ? this.#order.nameless(begun) : begun
    if (answer === null) return
    const envelope = { dialect: decoded.right.dialect, framing, requestId }
    if (answer instanceof Promise) this.#later(answer, envelope)
    else this.#queue.put(answer, envelope)
  }

  #begin({ message }: Incoming): Answering {
    return message._tag === 'Kv'
      ? this.#order.kv(() => this.#options.receive(message, this))
      : this.#options.receive(message, this)
  }

  #later(answer: Promise<Awaited<Answering>>, envelope: Envelope): void {
    this.#inFlight++
    answer.then(ready => {
      this.#inFlight--
      if (ready !== null && !this.#lost) this.#queue.put(ready, envelope)
      this.#goOnSoon()
    })
  }

  /**
   * Answers that come in one turn, such as those of a store to many requests, leave in one write;
   * then there is room for more.
   */
  #goOnSoon(): void {
    if (this.#gathering) return
    this.#gathering = true
    process.nextTick(() => {
      this.#gathering = false
      this.#pump()
      this.#settle()
    })
  }

  #fail(error: WireError): void {
    this.#closing = true
    this.#options.onInvalidInput(error)
  }

  #end(): void {
    if (!this.#closing && this.#input !== undefined)
      this.#rest(this.#input.framing, this.#input.decoder)
    this.#closing = true
    this.#closeWhenDone()
    this.#watchPeer()
    this.#onBufferedChange()
  }

  /**
   * At the end of the input: what was not taken for lack of room is taken now, and a last line
   * counts without its line feed.
   */
  #rest(framing: Framing, decoder: MessageDecoder): void {
    this.#pumping = true
    let more = true
    while (more && !this.#closing) {
      const taken = decoder.end()
      if (E.isLeft(taken)) this.#fail(taken.left)
      else if (O.isNone(taken.right)) more = false
      else this.#message(taken.right.value, framing)
    }
    this.#pumping = false
    this.#queue.flush()
  }

  /**
   * A peer that has ended may be waiting for its answers, or may be gone: see `WriteQueue.probe`.
   */
  #watchPeer(): void {
    if (this.#lost || this.#inFlight === 0) return
    this.#queue.probe()
    this.#probe = setTimeout(() => this.#watchPeer(), PROBE_EVERY)
  }

  #closeWhenDone(): void {
    // While messages are being taken, or answers gathered, there are some that are not written yet;
    // who does that comes here afterwards.
    if (!this.#closing || this.#pumping || this.#gathering || this.#inFlight > 0 || this.#lost)
      return
    closeGracefully(this.#stream)
  }

  /** Nobody is there any more: what is held is let go, and what runs for the peer is told. */
  #leave(): void {
    if (this.#lost) return
    this.#lost = true
    this.#closing = true
    this.#input = undefined
    this.#queue.clear()
    clearTimeout(this.#probe)
    this.#onBufferedChange()
    for (const f of this.#onLost ?? []) f()
    this.#onLost = undefined
    this.#options.onClose(this)
  }

  /** Tells how much more or less is held than the last time. */
  #onBufferedChange(): void {
    const bufferedBytes = this.#lost
      ? 0
      : (this.#input?.decoder.buffered ?? 0) + this.#queue.bufferedBytes
    const change = bufferedBytes - this.#bufferedBytes
    if (change === 0) return
    this.#bufferedBytes = bufferedBytes
    this.#options.onBufferedChange(change)
  }
}
