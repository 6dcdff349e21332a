import type { Clock } from '../clock.js'

/** Those who wait for a change of something. */
export interface Waiters {
  /**
   * Waits until `look` finds something, at most `ms` milliseconds, and no longer than somebody
   * wants it: then `undefined`.
   */
  readonly until: <A>(
    look: () => A | undefined,
    ms: number,
    signal?: AbortSignal,
  ) => Promise<A | undefined>
  /** There was a change: they look again. */
  readonly wake: () => void
  /** How many wait. */
  readonly count: () => number
}

/** Nobody waits yet. */
export const makeWaiters = (clock: Clock): Waiters => {
  const looks = new Set<() => void>()
  return {
    until: (look, ms, signal) =>
      new Promise(resolve => {
        const first = look()
        if (first !== undefined || ms <= 0 || signal?.aborted === true) return resolve(first)
        const end = (found: typeof first): void => {
          looks.delete(lookAgain)
          cancelTimer()
          signal?.removeEventListener('abort', giveUp)
          resolve(found)
        }
        const giveUp = (): void => end(undefined)
        const lookAgain = (): void => {
          const found = look()
          if (found !== undefined) end(found)
        }
        const cancelTimer = clock.after(ms, giveUp)
        looks.add(lookAgain)
        signal?.addEventListener('abort', giveUp)
      }),
    wake: () => {
      for (const look of [...looks]) look()
    },
    count: () => looks.size,
  }
}
