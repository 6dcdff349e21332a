/**
 * Lets works run one after the other, in the order in which they came: as today's host forwards,
 * all plugins together.
 */
export type Turns = <A>(work: () => Promise<A>) => Promise<A>

/** Works one at a time. */
export const oneAtATime = (): Turns => {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/** Works as they come. */
export const atOnce: Turns = work => work()
