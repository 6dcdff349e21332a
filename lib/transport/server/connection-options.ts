import type { WireError } from '../../wire/wire-error.js'
import type { Receive } from './answer-order.js'
import type { LimitedConnection } from './connection-limits.js'

/** What a connection needs. */
export interface ConnectionOptions {
  readonly receive: Receive
  /** The time stamp of an answer: RFC 3339, UTC. */
  readonly timestamp: () => string
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** How many requests of one connection may wait for answers; past it nothing more is read. */
  readonly maxInFlight: number
  /** Called with what was wrong when a connection is closed because of its input. */
  readonly onInvalidInput: (error: WireError) => void
  /**
   * Called with the reason where an answer cannot be sent. A small one that says so is sent in its
   * place, and the connection stays open.
   */
  readonly onUnsent: (error: WireError) => void
}

/** Who keeps account of a connection, such as the limits of a server. */
export interface ConnectionOwner {
  /**
   * Called with how many bytes more, or (negative) fewer, the connection keeps than it last said.
   * It may close connections, this one too.
   */
  onBufferedChange(change: number): void
  /** Called once the connection is closed. */
  onClose(connection: LimitedConnection): void
}
