import type { ConnectionState } from './connection-state.js'

/** What the limits need to know of a connection. */
export interface LimitedConnection {
  readonly state: ConnectionState
  /** Bytes that it keeps: input that is no whole message yet, and answers that were not read. */
  readonly bufferedBytes: number
  /** Closes it now. */
  destroy(): void
}

/** How much the connections of a server may cost together. Times in milliseconds. */
export interface ConnectionLimits {
  /** How many connections there may be; for a moment {@link MAX_BURST} more. */
  readonly maxConnections: number
  /** How many bytes they may keep in memory together. */
  readonly maxBuffered: number
  /** How long a message may take to arrive, the first from the beginning of the connection. */
  readonly frameTimeout: number
  /** How long nothing may happen on a connection. */
  readonly idleTimeout: number
}

/**
 * How many connections past the limit are accepted until what has arrived is read: more than the
 * system lets wait.
 */
export const MAX_BURST = 1_024

/** Why a connection was closed so that others are served. */
export type Eviction = 'no message in time' | 'idle' | 'too many connections' | 'too much memory'

/** Which time-out of a connection has passed, if any. */
export const timedOut = (
  state: ConnectionState,
  now: number,
  { frameTimeout, idleTimeout }: Pick<ConnectionLimits, 'frameTimeout' | 'idleTimeout'>,
): Eviction | undefined => {
  const since = state._tag === 'Open' ? state.incompleteSince : undefined
  if (since !== undefined && now - since > frameTimeout) return 'no message in time'
  return state.inFlight === 0 && now - state.lastActivity > idleTimeout ? 'idle' : undefined
}

/**
 * The connections of one server, and what they may cost together. A peer that sends half a message
 * and waits, or never reads its answers, costs memory: one is harmless, ten thousand are not. The
 * least useful connections are closed first, so that well-behaved peers are always served.
 */
export class ConnectionLimiter<C extends LimitedConnection> {
  readonly #connections = new Set<C>()
  readonly #limits: ConnectionLimits
  readonly #now: () => number
  readonly #onEviction: (why: Eviction) => void
  readonly #afterReading: (f: () => void) => void
  #evictionScheduled = false
  #bufferedBytes = 0
  /** The connections whose time-out had passed at the last {@link sweep}. */
  #overdue: ReadonlySet<C> = new Set()

  /**
   * `afterReading` runs a function once everything has been read that has arrived by now, on new
   * connections, too.
   */
  constructor(
    limits: ConnectionLimits,
    now: () => number,
    onEviction: (why: Eviction) => void,
    afterReading: (f: () => void) => void,
  ) {
    this.#limits = limits
    this.#now = now
    this.#onEviction = onEviction
    this.#afterReading = afterReading
  }

  /** In the order in which they came. */
  get connections(): ReadonlySet<C> {
    return this.#connections
  }

  /** Bytes that all connections keep together. */
  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  /**
   * Makes room for a new connection; false where there is none.
   *
   * Past `maxConnections` it is accepted all the same until what has arrived is read: no connection
   * is closed whose message is there already. Only past {@link MAX_BURST} one is closed at once.
   */
  makeRoom(): boolean {
    const { maxConnections } = this.#limits
    if (this.#connections.size < maxConnections) return true
    this.#evictExcessSoon()
    if (this.#connections.size < maxConnections + MAX_BURST) return true
    const candidate = this.#leastUseful()
    if (candidate !== undefined) this.#evict(candidate, 'too many connections')
    else this.#onEviction('too many connections')
    return candidate !== undefined
  }

  add(connection: C): void {
    this.#connections.add(connection)
  }

  /** To be called once a connection is closed. */
  onClose(connection: C): void {
    this.#connections.delete(connection)
  }

  /**
   * To be called when a connection keeps more bytes, or (negative) fewer. Over the limit those are
   * closed that keep most.
   */
  onBufferedChange(change: number): void {
    this.#bufferedBytes += change
    while (this.#bufferedBytes > this.#limits.maxBuffered) {
      const largest = this.#largest()
      if (largest === undefined) return
      this.#evict(largest, 'too much memory')
    }
  }

  /**
   * Closes the connections whose time-out had passed at the last sweep, too: to be called about
   * once a second. Where the server was busy, it reads their messages in between.
   */
  sweep(): void {
    const now = this.#now()
    const overdue = new Set<C>()
    for (const connection of this.#connections) {
      const why = timedOut(connection.state, now, this.#limits)
      if (why === undefined) continue
      if (this.#overdue.has(connection)) this.#evict(connection, why)
      else overdue.add(connection)
    }
    this.#overdue = overdue
  }

  #evictExcessSoon(): void {
    if (this.#evictionScheduled) return
    this.#evictionScheduled = true
    this.#afterReading(() => {
      this.#evictionScheduled = false
      while (this.#connections.size > this.#limits.maxConnections) {
        // The last one is new: its message may be on its way.
        const last = [...this.#connections].at(-1)
        const candidate = this.#leastUseful(last) ?? last
        if (candidate !== undefined) this.#evict(candidate, 'too many connections')
      }
    })
  }

  #evict(connection: C, why: Eviction): void {
    this.#connections.delete(connection)
    connection.destroy()
    this.#onEviction(why)
  }

  /** The oldest that never sent a message, else the oldest that waits for no answer. */
  #leastUseful(spared?: C): C | undefined {
    return (
      this.#oldest(each => !each.state.hasSentMessage && each !== spared) ??
      this.#oldest(each => each.state.inFlight === 0)
    )
  }

  #oldest(fits: (connection: C) => boolean): C | undefined {
    for (const connection of this.#connections) if (fits(connection)) return connection
    return undefined
  }

  #largest(): C | undefined {
    let largest: C | undefined
    for (const connection of this.#connections)
      if (connection.bufferedBytes > (largest?.bufferedBytes ?? 0)) largest = connection
    return largest
  }
}
