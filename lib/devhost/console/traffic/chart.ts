import type { Exchange } from '../../console-api.js'
import { milliseconds } from '../components/format.js'

/**
 * One second of the chart. The latencies, in milliseconds, are of the requests that began in it;
 * `null` if there were none.
 */
export interface Second {
  readonly count: number
  readonly failed: number
  readonly p50: number | null
  readonly p95: number | null
}

/** How many seconds the chart covers. */
export const SECONDS = 60

/** Whether an exchange failed: it has no usable answer, or a status of 400 or more. */
export const isError = ({ error, status }: Exchange): boolean =>
  error !== null || (status !== null && status >= 400)

/**
 * The last minute, second by second, newest last. Lifecycle messages have no answer and do not
 * count.
 */
export const lastMinute = (
  exchanges: ReadonlyArray<Exchange>,
  now: number,
): ReadonlyArray<Second> => {
  const end = Math.floor(now / 1000)
  const buckets = Array.from({ length: SECONDS }, (): Exchange[] => [])
  for (const exchange of exchanges) {
    if (exchange.kind !== 'lifecycle')
      buckets[SECONDS - 1 - (end - Math.floor(exchange.at / 1000))]?.push(exchange)
  }
  return buckets.map(bucket => ({
    count: bucket.length,
    failed: bucket.filter(isError).length,
    ...latencies(bucket),
  }))
}

/** The percentile of sorted values by nearest rank; `null` if there are none. */
export const percentile = (sorted: ReadonlyArray<number>, share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null

/**
 * The figures of the chart as a sentence. It is also the chart's description for screen readers.
 */
export const summary = (exchanges: ReadonlyArray<Exchange>, now: number): string => {
  const from = (Math.floor(now / 1000) - SECONDS + 1) * 1000
  const recent = exchanges.filter(({ kind, at }) => kind !== 'lifecycle' && at >= from)
  if (recent.length === 0) return 'No requests in the last minute.'
  const failed = recent.filter(isError).length
  const { p50, p95 } = latencies(recent)
  const count = recent.length === 1 ? '1 request' : `${recent.length} requests`
  return `${count} in the last minute, ${failed === 0 ? 'none' : failed} failed; half within ${milliseconds(p50)}, 95 % within ${milliseconds(p95)}.`
}

/**
 * The end of an axis: the smallest round number, such as 3, 40 or 600, that is not below any value.
 */
export const axisEnd = (values: ReadonlyArray<number | null>): number => {
  const most = Math.max(0, ...values.map(value => value ?? 0))
  if (most <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  return power * ([1, 2, 3, 4, 5, 6, 8].find(step => step * power >= most) ?? 10)
}

/**
 * An SVG path through the values with gaps for `null`. A value between gaps becomes a dot, drawn by
 * round line caps.
 */
export const linePath = (
  values: ReadonlyArray<number | null>,
  end: number,
  width: number,
  height: number,
): string => {
  const step = width / values.length
  return values
    .map((value, index) => {
      if (value === null) return ''
      const at = `${round((index + 0.5) * step)} ${round(height - (value / end) * height)}`
      return typeof values[index - 1] === 'number' ? `L${at}` : `M${at}h0`
    })
    .join('')
}

const latencies = (exchanges: ReadonlyArray<Exchange>): Pick<Second, 'p50' | 'p95'> => {
  const sorted = exchanges
    .flatMap(({ took }) => (took === null ? [] : [took]))
    .sort((a, b) => a - b)
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) }
}

const round = (n: number): number => Math.round(n * 100) / 100
