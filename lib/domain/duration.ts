/** The units of a {@link Duration}. */
export type DurationUnit = 'ms' | 's' | 'm' | 'h' | 'd'

/** A span of time as people write it: `'30 s'`, `'5 m'`, `'1 h'`. A number is milliseconds. */
export type Duration = number | `${number}${DurationUnit}` | `${number} ${DurationUnit}`

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * The longest duration that a timer of Node.js can wait for, in milliseconds: 2^31 - 1, nearly 25
 * days.
 */
export const LONGEST_DURATION = 2_147_483_647

/**
 * A duration in whole milliseconds; `undefined` for anything that is not a duration, is under 1 ms,
 * or is longer than a timer can wait.
 */
export const millisecondsOf = (duration: unknown): number | undefined => {
  const ms =
    typeof duration === 'number'
      ? duration
      : typeof duration === 'string'
        ? parsed(duration)
        : Number.NaN
  const whole = Math.round(ms)
  return whole >= 1 && whole <= LONGEST_DURATION ? whole : undefined
}

const parsed = (text: string): number => {
  const [, amount = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?) ?(ms|s|m|h|d)$/.exec(text) ?? []
  return amount === '' ? Number.NaN : Number(amount) * (MILLISECONDS[unit] ?? Number.NaN)
}
