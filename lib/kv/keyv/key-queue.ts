/** Lets the writes to one key happen one after the other, and those to different keys together. */
export interface KeyTurns {
  /**
   * Runs `f` when everything that was begun before it on this key has ended. `f` must not reject.
   */
  readonly next: <A>(key: string, f: () => Promise<A>) => Promise<A>
  /**
   * Runs `f` when everything before it has ended; what comes after it waits for it. `f` must not
   * reject.
   */
  readonly alone: <A>(f: () => Promise<A>) => Promise<A>
}

/** Turns of which none is taken. */
export const keyTurns = (): KeyTurns => {
  const last = new Map<string, Promise<unknown>>()
  let fence: Promise<unknown> = Promise.resolve()
  return {
    next: (key, f) => {
      const mine = (last.get(key) ?? fence).then(f)
      last.set(key, mine)
      void mine.then(() => {
        if (last.get(key) === mine) last.delete(key)
      })
      return mine
    },
    alone: f => {
      const mine = Promise.all([fence, ...last.values()]).then(f)
      last.clear()
      fence = mine
      return mine
    },
  }
}
