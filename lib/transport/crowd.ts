/** What a crowd knows of each of its members: one connection. */
export interface Member {
  /** Bytes that it keeps in memory: input that is no whole message yet, and answers that its peer has not read. */
  readonly held: number
  /** Requests of it that are being answered. */
  readonly inFlight: number
  /** Whether a whole message has come on it. */
  readonly spoke: boolean
  /** When the message began that has not come in full, or when the connection did if none has; `undefined` where nothing is awaited. */
  readonly awaitedSince: number | undefined
  /** When bytes last came or were taken. */
  readonly activeAt: number
  /** Closes it now. */
  destroy(): void
}

/** How much the connections of a server may cost together. Times in milliseconds. */
export interface CrowdLimits {
  /** How many connections there may be. */
  readonly maxConnections: number
  /** How many bytes they may hold in memory together. */
  readonly maxBuffered: number
  /** How long a message may take to arrive, the first from the beginning of the connection. */
  readonly frameTimeout: number
  /** How long nothing may happen on a connection. */
  readonly idleTimeout: number
}

/** Why a connection was closed by the crowd. */
export type Eviction = 'no message in time' | 'idle' | 'too many connections' | 'too much memory'

/**
 * The connections of a server, seen together. One that sends half a message and waits, or never reads its answers, costs its server memory and a place; alone each is
 * harmless, and ten thousand are not. Whoever is the least use goes first, so that those who behave are served all the while.
 */
export class Crowd<M extends Member> {
  readonly #members = new Set<M>()
  readonly #limits: CrowdLimits
  readonly #now: () => number
  readonly #evicted: (why: Eviction) => void
  #held = 0
  #suspects: ReadonlyMap<M, Eviction> = new Map()

  constructor(limits: CrowdLimits, now: () => number, evicted: (why: Eviction) => void) {
    this.#limits = limits
    this.#now = now
    this.#evicted = evicted
  }

  get members(): ReadonlySet<M> {
    return this.#members
  }

  /** Bytes that all members hold together. */
  get held(): number {
    return this.#held
  }

  /** Makes room for a newcomer: false where everybody who is there is being served, and there is none. */
  makeRoom(): boolean {
    if (this.#members.size < this.#limits.maxConnections) return true
    const useless = this.#oldest(member => !member.spoke) ?? this.#oldest(member => member.inFlight === 0)
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

  /** Told by a member how much more (or, negative, less) it holds now. Over the bound those who hold most are closed. */
  weigh(change: number): void {
    this.#held += change
    while (this.#held > this.#limits.maxBuffered) {
      const heaviest = this.#heaviest()
      if (heaviest === undefined) return
      this.#evict(heaviest, 'too much memory')
    }
  }

  /**
   * Closes those who have kept their server waiting for too long: to be called about once a second. Whoever is found waiting is closed by the next call,
   * if nothing has come by then: where it was the server that was busy, the message is there and only has to be read.
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

  #overdue(member: M): Eviction | undefined {
    const now = this.#now()
    const { frameTimeout, idleTimeout } = this.#limits
    if (member.awaitedSince !== undefined && now - member.awaitedSince > frameTimeout) return 'no message in time'
    return member.inFlight === 0 && now - member.activeAt > idleTimeout ? 'idle' : undefined
  }

  #evict(member: M, why: Eviction): void {
    this.remove(member)
    member.destroy()
    this.#evicted(why)
  }

  /** Members are kept in the order in which they came. */
  #oldest(fits: (member: M) => boolean): M | undefined {
    for (const member of this.#members) if (fits(member)) return member
    return undefined
  }

  #heaviest(): M | undefined {
    let heaviest: M | undefined
    for (const member of this.#members) if (member.held > (heaviest?.held ?? 0)) heaviest = member
    return heaviest
  }
}
