/** Lets a work begin when it is its turn. */
export type Turns = <A>(work: () => Promise<A>) => Promise<A>

/** At most so many works at a time, in the order in which they came. */
export const turns = (places: number): Turns => {
  let free = places
  const waiting: Array<() => void> = []
  return async work => {
    if (free > 0) free--
    else await new Promise<void>(resolve => void waiting.push(resolve))
    return work().finally(() => {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    })
  }
}
