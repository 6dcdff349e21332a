/** A size as `512 B`, `1.2 kB` or `34 MB`; a dash if it is unknown. */
export const bytes = (size: number | null): string => {
  if (size === null) return '–'
  if (size < 1000) return `${size} B`
  if (size < 1_000_000) return `${short(size / 1000)} kB`
  return size < 1_000_000_000
    ? `${short(size / 1_000_000)} MB`
    : `${short(size / 1_000_000_000)} GB`
}

/** A short duration, given in milliseconds, as `0.4 ms`, `12 ms` or `1.5 s`. */
export const milliseconds = (ms: number | null): string => {
  if (ms === null) return '–'
  if (ms < 1000) return `${short(ms)} ms`
  return ms < 60_000 ? `${short(ms / 1000)} s` : duration(ms)
}

/**
 * A long duration, given in milliseconds, in its two largest units: `8 s`, `2 h 5 min`, `4 d 1 h`.
 */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = units.findIndex(([count]) => count > 0)
  return first === -1
    ? '0 s'
    : units
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, unit]) => `${count} ${unit}`)
        .join(' ')
}

/**
 * The time of day in the browser's time zone, `14:05:09.123`; an invalid time is returned as it is.
 */
export const timeOfDay = (time: number | string): string => {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return String(time)
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(n =>
    String(n).padStart(2, '0'),
  )
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const short = (n: number): string =>
  n < 10 ? String(Math.round(n * 10) / 10) : String(Math.round(n))
