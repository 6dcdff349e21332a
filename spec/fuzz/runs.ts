import fc from 'fast-check'

const numberFrom = (name: string): number | undefined => {
  const text = process.env[name]
  return text === undefined || text === '' ? undefined : Number(text)
}

/**
 * How often a property is tried: `base` times, times the variable `FUZZ_RUNS`. `FUZZ_SEED` gives
 * the seed: with that of a report the same cases come again.
 */
export const runs = <T>(base: number): fc.Parameters<T> => {
  const [factor = 1, seed] = [numberFrom('FUZZ_RUNS'), numberFrom('FUZZ_SEED')]
  return {
    numRuns: Math.ceil(base * factor),
    ...(seed === undefined ? {} : { seed }),
    reporter: report,
  }
}

/**
 * AVA shows the assertion that failed first and not what it was tried with, so that is printed
 * here.
 */
const report = <T>(details: fc.RunDetails<T>): void => {
  if (!details.failed) return
  const message = fc.defaultReportMessage(details) ?? 'a property failed'
  console.error(message.length > 4000 ? `${message.slice(0, 4000)}…` : message)
  throw new Error(message.split('\n', 2).join('\n'))
}
