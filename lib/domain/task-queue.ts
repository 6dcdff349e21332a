/** Runs a task when it is its turn, and yields what it yields. */
export type TaskQueue = <A>(task: () => Promise<A>) => Promise<A>

/**
 * A queue that runs at most `concurrency` tasks at a time, in the order in which they came. A task
 * that fails holds up none of the others.
 */
export const taskQueue = (concurrency: number): TaskQueue => {
  let free = concurrency
  const waiting: Array<() => void> = []
  return async task => {
    if (free > 0) free--
    else await new Promise<void>(resolve => void waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
