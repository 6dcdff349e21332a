/** Runs a piece of work when it is its turn, and yields what it yields. */
export type Queue = <A>(work: () => Promise<A>) => Promise<A>

/** One piece of work at a time, in the order in which they came. */
export const serialQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/** Every piece of work at once. */
export const noQueue: Queue = work => work()
