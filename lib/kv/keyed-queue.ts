/** Runs tasks one after the other, all of them or those of one key. */
export interface KeyedQueue {
  /**
   * Runs `f` at once if no task is running or waiting, and otherwise not at all. A task that `f`
   * begins waits until `f` has returned.
   */
  readonly now: <A>(f: () => A) => A | undefined
  /**
   * Runs `f` when the tasks before it have ended, whether they succeeded or not. With a `key` that
   * is those of the same key and those without one; without a key it is all of them.
   */
  readonly next: <A>(f: () => Promise<A>, key?: string) => Promise<A>
}

/** An empty queue. */
export const keyedQueue = (): KeyedQueue => {
  /** The last task of each key since the last one without. */
  const lastOf = new Map<string, Promise<void>>()
  let lastOfAll: Promise<void> = Promise.resolve()
  let unfinished = 0

  const end = (): void => {
    unfinished--
  }
  const before = (key: string | undefined): Promise<unknown> => {
    if (key !== undefined) return lastOf.get(key) ?? lastOfAll
    return lastOf.size === 0 ? lastOfAll : Promise.all([lastOfAll, ...lastOf.values()])
  }

  return {
    now: f => {
      if (unfinished > 0) return undefined
      unfinished++
      try {
        return f()
      } finally {
        end()
      }
    },
    next: (f, key) => {
      unfinished++
      const result = before(key).then(f)
      const ended = result.then(end, end)
      if (key === undefined) {
        lastOf.clear()
        lastOfAll = ended
      } else {
        lastOf.set(key, ended)
        void ended.then(() => {
          if (lastOf.get(key) === ended) lastOf.delete(key)
        })
      }
      return result
    },
  }
}
