/** Lets one thing happen after the other. */
export interface TurnQueue {
  /**
   * Runs `f` at once if nothing is under way, and otherwise not at all. What `f` itself asks for
   * has to wait until it has returned.
   */
  readonly now: <A>(f: () => A) => A | undefined
  /** Runs `f` when everything before it has ended. `f` must not reject. */
  readonly next: <A>(f: () => Promise<A>) => Promise<A>
}

/** An empty queue. */
export const turnQueue = (): TurnQueue => {
  let underWay = 0
  let last: Promise<unknown> = Promise.resolve()
  const leave = (): void => {
    underWay--
  }
  return {
    now: f => {
      if (underWay > 0) return undefined
      underWay++
      try {
        return f()
      } finally {
        leave()
      }
    },
    next: f => {
      underWay++
      const mine = last.then(f)
      last = mine.finally(leave)
      return mine
    },
  }
}
