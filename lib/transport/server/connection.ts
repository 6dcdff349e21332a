/// <reference types="node" preserve="true" />
import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { type Framing, framingOf } from '../../wire/framing.js'
import { type MessageDecoder, takeMessages } from '../../wire/message-decoder.js'
import type { WireError } from '../../wire/wire-error.js'
import type { LimitedConnection } from './connection-limits.js'
import type { ConnectionOptions, ConnectionOwner } from './connection-options.js'
import {
  type ConnectionAction,
  type ConnectionEvent,
  type ConnectionState,
  canTake,
  type InputLeft,
  opened,
  step,
} from './connection-state.js'
import { type AnswerTarget, Responder } from './responder.js'
import { WriteQueue } from './write-queue.js'

/** How often a half-open peer is asked whether it is still there, in milliseconds. */
const PROBE_EVERY = 250

const ignore = (): void => undefined

/**
 * One end of a connection: bytes in, bytes out. A peer that closes its writing half still gets its
 * answers; invalid input closes the connection once the requests before it are answered.
 *
 * {@link step} decides what happens; this class does what it says.
 */
export class Connection implements AnswerTarget, LimitedConnection {
  readonly #stream: Duplex
  readonly #options: ConnectionOptions
  readonly #owner: ConnectionOwner | undefined
  readonly #responder: Responder
  readonly #queue: WriteQueue
  #state: ConnectionState
  #input: { readonly framing: Framing; readonly decoder: MessageDecoder } | undefined
  #bufferedBytes = 0
  #taking = false
  #probe: NodeJS.Timeout | undefined
  #onLost: Set<() => void> | undefined

  constructor(stream: Duplex, options: ConnectionOptions, owner?: ConnectionOwner) {
    this.#stream = stream
    this.#options = options
    this.#owner = owner
    this.#responder = new Responder(options, this)
    this.#queue = new WriteQueue(stream)
    this.#state = opened(options.now())
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('end', () => this.#end())
    // Peers may leave at any time; all that matters is 'close', which follows an error.
    stream.on('error', ignore)
    stream.on('close', () => this.#dispatch({ _tag: 'StreamClosed' }))
  }

  get state(): ConnectionState {
    return this.#state
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  get lost(): boolean {
    return this.#state._tag === 'Closed'
  }

  onLost(f: () => void): () => void {
    const waiting = this.#onLost ?? new Set()
    this.#onLost = waiting
    waiting.add(f)
    return () => waiting.delete(f)
  }

  send(bytes: Buffer): void {
    if (!this.#queue.add(bytes)) this.#dispatch({ _tag: 'WriteBlocked' })
  }

  answered(count: number): void {
    this.#dispatch({ _tag: 'Answered', count })
  }

  /** Takes no more requests, lets those that run be answered, then closes. */
  finish(): void {
    this.#dispatch({ _tag: 'StopRequested', taking: this.#taking })
  }

  /** Closes now. */
  destroy(): void {
    this.#dispatch({ _tag: 'DestroyRequested' })
  }

  #dispatch(event: ConnectionEvent): void {
    const { state, actions } = step(this.#state, event)
    this.#state = state
    for (const action of actions) this.#perform(action)
  }

  #perform(action: ConnectionAction): void {
    switch (action) {
      case 'take':
        return this.#take(this.#state.lastActivity)
      case 'pause':
        this.#stream.pause()
        return
      case 'resume':
        if (this.#stream.isPaused()) this.#stream.resume()
        return
      case 'flush':
        return this.#flush()
      case 'await drain':
        this.#stream.once('drain', () =>
          this.#dispatch({ _tag: 'Drained', at: this.#options.now() }),
        )
        return
      case 'probe':
        this.#queue.probe()
        this.#probe = setTimeout(() => this.#dispatch({ _tag: 'ProbeDue' }), PROBE_EVERY)
        return
      case 'close':
        return this.#queue.close()
      case 'release':
        return this.#release()
      case 'destroy':
        this.#stream.destroy()
        return
    }
  }

  #receive(chunk: Buffer): void {
    const first = chunk[0]
    if (first === undefined || this.#state._tag !== 'Open') return
    const at = this.#options.now()
    if (this.#input === undefined) {
      const framing = framingOf(first)
      const only = canTake(this.#state, this.#options.maxInFlight) && framing.whole(chunk)
      if (only) return this.#takeOnly(only, framing, at)
      this.#input = { framing, decoder: framing.decoder() }
    }
    this.#input.decoder.append(chunk)
    this.#take(at)
  }

  /**
   * As {@link #take} for a piece that is one message: the connections of today's host consist of
   * nothing else. It saves the decoder, a tenth of what is done here for such a connection.
   */
  #takeOnly(bytes: Buffer, framing: Framing, at: number): void {
    this.#taking = true
    const result = this.#responder.respond(bytes, framing)
    this.#taking = false
    this.#taken(at, true, 'nothing', result)
  }

  /**
   * Takes messages for as long as there are any, and room for their answers. At the end of the
   * input it takes all of them, and the last line even without its line feed.
   */
  #take(at: number, ended = false): void {
    if (this.#taking || this.#input === undefined || this.#state._tag !== 'Open') return
    const { decoder, framing } = this.#input
    const { maxInFlight } = this.#options
    let messages = false
    this.#taking = true
    const result = takeMessages(
      () => (ended ? decoder.end() : decoder.take()),
      bytes => {
        messages = true
        return this.#responder.respond(bytes, framing)
      },
      () =>
        ended
          ? this.#state._tag === 'Open'
          : canTake(this.#state, maxInFlight, this.#responder.pending),
    )
    this.#taking = false
    const rest = decoder.buffered === 0 ? 'nothing' : 'part of a message'
    this.#taken(at, messages, E.isRight(result) && !result.right ? 'more' : rest, result)
  }

  #taken(
    at: number,
    messages: boolean,
    left: InputLeft,
    result: E.Either<WireError, unknown>,
  ): void {
    const pending = this.#responder.takePending()
    this.#dispatch({ _tag: 'Taken', at, messages, pending, left })
    if (E.isRight(result)) return
    this.#options.onInvalidInput(result.left)
    this.#dispatch({ _tag: 'InvalidInput' })
  }

  #flush(): void {
    if (!this.#queue.flush()) this.#dispatch({ _tag: 'WriteBlocked' })
    this.#reportBuffered()
  }

  #end(): void {
    this.#take(this.#state.lastActivity, true)
    this.#dispatch({ _tag: 'PeerEnded' })
  }

  #release(): void {
    this.#input = undefined
    this.#queue.clear()
    clearTimeout(this.#probe)
    this.#reportBuffered()
    for (const f of this.#onLost ?? []) f()
    this.#onLost = undefined
    this.#owner?.onClose(this)
  }

  /** Tells how much more or less is kept than the last time. */
  #reportBuffered(): void {
    const bytes = this.lost ? 0 : (this.#input?.decoder.buffered ?? 0) + this.#queue.length
    const change = bytes - this.#bufferedBytes
    if (change === 0) return
    this.#bufferedBytes = bytes
    this.#owner?.onBufferedChange(change)
  }
}
