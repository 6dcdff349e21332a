import type { Clock } from '../../domain/clock.js'

/** How many entries may come at once, and in how many milliseconds one more is allowed. */
const BURST = 50
const REFILL = 1_000

/**
 * A budget for what others can bring about as often as they like: true while there is some left,
 * which comes back by one a second, up to fifty.
 */
export const makeBudget = (clock: Clock): (() => boolean) => {
  let left = BURST
  let since = clock.now()
  return () => {
    const refilled = Math.floor((clock.now() - since) / REFILL)
    left = Math.min(BURST, left + refilled)
    since += refilled * REFILL
    if (left === 0) return false
    left--
    return true
  }
}
