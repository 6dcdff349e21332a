import type { Clock } from '../../domain/clock.js'

/** How many entries may come at once. */
const BURST = 50
/** After how many milliseconds one more entry is allowed. */
const REFILL_MS = 1_000

/**
 * Limits log entries that clients can cause as often as they like. The function that is returned
 * says whether one more entry is allowed: fifty at once, then one a second.
 */
export const makeRateLimit = (clock: Clock): (() => boolean) => {
  let tokens = BURST
  let filledAt = clock.now()
  return () => {
    const refilled = Math.floor((clock.now() - filledAt) / REFILL_MS)
    tokens = Math.min(BURST, tokens + refilled)
    filledAt += refilled * REFILL_MS
    if (tokens === 0) return false
    tokens--
    return true
  }
}
