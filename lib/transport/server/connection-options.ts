import type { HostMessage } from '../../domain/message.js'
import type { Peer } from '../../domain/peer.js'
import type { WireError } from '../../wire/wire-error.js'
import type { Answering } from './answer-order.js'
import type { LimitedConnection } from './connection-limits.js'
import type { WriteQueueOptions } from './write-queue.js'

/**
 * Answers one message of a peer: at once, later, or, where the message gets no answer, with `null`.
 * Never rejects.
 */
export type Receive = (message: HostMessage, peer: Peer) => Answering

/** A connection, to the server that it belongs to. */
export interface ServerConnection extends LimitedConnection {
  /** Takes no more requests, lets those that run be answered, then closes. */
  finish(): void
}

/** What a connection needs from around it. */
export interface ConnectionOptions extends WriteQueueOptions {
  readonly receive: Receive
  /** Told why a connection is closed on which something came that is no message. */
  readonly onInvalidInput: (error: WireError) => void
  /**
   * How many requests of one connection may be on their way at once; past it nothing more is read.
   */
  readonly maxInFlight: number
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /**
   * Told how many bytes more (or, negative, less) this connection holds than it last said. It may
   * close connections, this one too.
   */
  readonly onBufferedChange: (change: number) => void
  /** Told once the connection is over. */
  readonly onClose: (connection: ServerConnection) => void
}
