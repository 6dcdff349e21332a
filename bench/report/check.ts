import type { Scores } from '../results.js'

/** How far a ratio may fall, since no two runs are alike. */
export const TOLERANCE = 0.15

/** A ratio that fell. */
export interface Fallen {
  /** Where: `node20 stages/encode`. */
  readonly address: string
  readonly was: number
  readonly is: number
}

/**
 * The ratios that are below the baseline by more than the tolerance. Ratios that only one of the
 * two has are not compared.
 */
export const fallenFrom = (
  baseline: Scores,
  current: Scores,
  tolerance = TOLERANCE,
): ReadonlyArray<Fallen> =>
  Object.entries(current).flatMap(([address, is]) => {
    const was = baseline[address]
    return was !== undefined && is < was * (1 - tolerance) ? [{ address, was, is }] : []
  })

/** One line of text about it. */
export const fallenLine = ({ address, was, is }: Fallen): string =>
  `${address}: ${is.toFixed(2)}, and ${was.toFixed(2)} in the baseline (${Math.round((1 - is / was) * 100)} % less)`
