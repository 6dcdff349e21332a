const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const

/** Seconds as `3 d 4 h`, `12 min` or `5 s`; empty for `null`. */
export const uptime = (seconds: number | null): string => {
  if (seconds === null) return ''
  const first = UNITS.findIndex(([unit]) => seconds >= unit)
  if (first === -1) return `${seconds} s`
  let rest = seconds
  return UNITS.slice(first, first + 2)
    .map(([unit, name]) => {
      const count = Math.floor(rest / unit)
      rest -= count * unit
      return count === 0 ? '' : `${count} ${name}`
    })
    .filter(part => part !== '')
    .join(' ')
}
