/**
 * The value below which a share `q` (0 to 1) of the values lies, between two of them where it falls
 * there; NaN of none.
 */
export const quantile = (values: ReadonlyArray<number>, q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return below === undefined || above === undefined
    ? Number.NaN
    : below + (above - below) * (at - Math.floor(at))
}

/** The middle of the values; of an even number of them, between the two in the middle. */
export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

/** Where the values lie: the middle, and the quarters' borders as the spread. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The middle and the spread of some values. */
export const spreadOf = (values: ReadonlyArray<number>): Spread => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
})
