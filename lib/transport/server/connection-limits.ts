/** What a limiter knows of each of its members: one connection. */
export interface LimitedConnection {
  /**
   * Bytes that it keeps in memory: input that is no whole message yet, and answers that its peer
   * has not read.
   */
  readonly bufferedBytes: number
  /** Requests of it that are being answered. */
  readonly inFlight: number
  /** Whether a whole message has come on it. */
  readonly hasSentMessage: boolean
  /**
   * When the message began that has not come in full, or when the connection did if none has;
   * `undefined` where nothing is awaited.
   */
  readonly incompleteSince: number | undefined
  /** When bytes last came or were taken. */
  readonly lastActivity: number
  /** Closes it now. */
  destroy(): void
}

/** How much the connections of a server may cost together. Times in milliseconds. */
export interface ConnectionLimits {
  /** How many connections there may be; for a moment {@link MAX_BURST} more. */
  readonly maxConnections: number
  /** How many bytes they may hold in memory together. */
  readonly maxBuffered: number
  /** How long a message may take to arrive, the first from the beginning of the connection. */
  readonly frameTimeout: number
  /** How long nothing may happen on a connection. */
  readonly idleTimeout: number
}

/**
 * How many newcomers past the bound are let in until what has arrived is read: more than the system
 * lets wait.
 */
export const MAX_BURST = 1_024

/** Why a connection was closed by the limiter. */
export type Eviction = 'no message in time' | 'idle' | 'too many connections' | 'too much memory'

/**
 * The connections of a server, seen together. One that sends half a message and waits, or never
 * reads its answers, costs its server memory and a place; alone each is harmless, and ten thousand
 * are not. Whoever is the least use goes first, so that those who behave are served all the while.
 */
export class ConnectionLimiter<M extends LimitedConnection> {
  readonly #members = new Set<M>()
  readonly #limits: ConnectionLimits
  readonly #now: () => number
  readonly #evicted: (why: Eviction) => void
  readonly #afterReading: (f: () => void) => void
  #thinning = false
  #bufferedBytes = 0
  #suspects: ReadonlyMap<M, Eviction> = new Map()

  /**
   * `afterReading` runs a function once what has arrived by now on any connection, newcomers
   * included, has been read.
   */
  constructor(
    limits: ConnectionLimits,
    now: () => number,
    evicted: (why: Eviction) => void,
    afterReading: (f: () => void) => void,
  ) {
    this.#limits = limits
    this.#now = now
    this.#evicted = evicted
    this.#afterReading = afterReading
  }

  get members(): ReadonlySet<M> {
    return this.#members
  }

  /** Bytes that all members hold together. */
  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  /**
   * Makes room for a newcomer: false where there is none. Past `maxConnections` it is let in all
   * the same until what has arrived is read, so that nobody has to go whose message lies there
   * already; only then those go that are one too many. Past {@link MAX_BURST} somebody goes at
   * once.
   */
  makeRoom(): boolean {
    const { maxConnections } = this.#limits
    if (this.#members.size < maxConnections) return true
    this.#thinOutSoon()
    if (this.#members.size < maxConnections + MAX_BURST) return true
    const useless = this.#useless()
    if (useless !== undefined) this.#evict(useless, 'too many connections')
    else this.#evicted('too many connections')
    return useless !== undefined
  }

  add(member: M): void {
    this.#members.add(member)
  }

  remove(member: M): void {
    this.#members.delete(member)
  }

  /**
   * Told by a member how much more (or, negative, less) it holds now. Over the bound those who hold
   * most are closed.
   */
  onBufferedChange(change: number): void {
    this.#bufferedBytes += change
    while (this.#bufferedBytes > this.#limits.maxBuffered) {
      const heaviest = this.#heaviest()
      if (heaviest === undefined) return
      this.#evict(heaviest, 'too much memory')
    }
  }

  /**
   * Closes those who have kept their server waiting for too long: to be called about once a second.
   * Whoever is found waiting is closed by the next call, if nothing has come by then: where it was
   * the server that was busy, the message is there and only has to be read.
   */
  sweep(): void {
    const suspects = new Map<M, Eviction>()
    for (const member of this.#members) {
      const why = this.#overdue(member)
      if (why === undefined) continue
      if (this.#suspects.has(member)) this.#evict(member, why)
      else suspects.set(member, why)
    }
    this.#suspects = suspects
  }

  #thinOutSoon(): void {
    if (this.#thinning) return
    this.#thinning = true
    this.#afterReading(() => {
      this.#thinning = false
      while (this.#members.size > this.#limits.maxConnections) {
        // The last one has just come: its message may be on its way.
        const last = [...this.#members].at(-1)
        const leaver = this.#useless(last) ?? last
        if (leaver !== undefined) this.#evict(leaver, 'too many connections')
      }
    })
  }

  #overdue(member: M): Eviction | undefined {
    const now = this.#now()
    const { frameTimeout, idleTimeout } = this.#limits
    if (member.incompleteSince !== undefined && now - member.incompleteSince > frameTimeout)
      return 'no message in time'
    return member.inFlight === 0 && now - member.lastActivity > idleTimeout ? 'idle' : undefined
  }

  #evict(member: M, why: Eviction): void {
    this.remove(member)
    member.destroy()
    this.#evicted(why)
  }

  /**
   * Who can best be spared: the oldest that never sent a message, else the oldest that waits for no
   * answer.
   */
  #useless(spared?: M): M | undefined {
    return (
      this.#oldest(member => !member.hasSentMessage && member !== spared) ??
      this.#oldest(member => member.inFlight === 0)
    )
  }

  /** Members are kept in the order in which they came. */
  #oldest(fits: (member: M) => boolean): M | undefined {
    for (const member of this.#members) if (fits(member)) return member
    return undefined
  }

  #heaviest(): M | undefined {
    let heaviest: M | undefined
    for (const member of this.#members)
      if (member.bufferedBytes > (heaviest?.bufferedBytes ?? 0)) heaviest = member
    return heaviest
  }
}
