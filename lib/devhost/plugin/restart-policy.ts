/**
 * How long the host waits before each new start of a plugin that died, in milliseconds; the last
 * one again and again.
 */
export const RESTART_DELAYS: ReadonlyArray<number> = [1_000, 2_000, 4_000, 8_000, 16_000]

/** After so many restarts in a row the host gives up. */
export const MOST_RESTARTS = 10

/** After so long a life what went wrong before is forgotten, in milliseconds. */
export const HEALTHY_AFTER = 60_000

/**
 * The exit code of a plugin whose configuration does not fit: starting it again changes nothing
 * (sysexits' EX_CONFIG).
 */
const BAD_CONFIG = 78

/**
 * What is done about a plugin that died. `streak` counts the restarts in a row, this one included.
 */
export type Decision =
  | { readonly _tag: 'Restart'; readonly after: number; readonly streak: number }
  | { readonly _tag: 'GiveUp'; readonly why: string }

/**
 * Decides about a plugin that died without having been asked to: after so many restarts in a row,
 * so many milliseconds of life, and with an exit code (none for a signal).
 */
export const afterDeath = (streak: number, lived: number, code: number | null): Decision => {
  if (code === BAD_CONFIG) return { _tag: 'GiveUp', why: 'its configuration does not fit' }
  const before = lived >= HEALTHY_AFTER ? 0 : streak
  if (before >= MOST_RESTARTS)
    return { _tag: 'GiveUp', why: `it died ${MOST_RESTARTS + 1} times in a row` }
  const after = RESTART_DELAYS[Math.min(before, RESTART_DELAYS.length - 1)] ?? 0
  return { _tag: 'Restart', after, streak: before + 1 }
}
