/**
 * The value below which a share `q` (0 to 1) of the values lies, interpolated between two of them;
 * NaN if there are none.
 */
export const quantile = (values: ReadonlyArray<number>, q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return below === undefined || above === undefined
    ? Number.NaN
    : below + (above - below) * (at - Math.floor(at))
}

/** The median of the values. */
export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

/** The median and the quartiles of some values. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The median, with the quartiles as the spread. */
export const spreadOf = (values: ReadonlyArray<number>): Spread => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
})
