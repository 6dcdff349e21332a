import fc from 'fast-check'

const numberFrom = (name: string): number | undefined => {
  const text = process.env[name]
  return text === undefined || text === '' ? undefined : Number(text)
}

/** How many times as long as in `npm test` something is tried, by `FUZZ_RUNS`. */
export const FACTOR = numberFrom('FUZZ_RUNS') ?? 1

/**
 * What random cases begin with: always the same in `npm test`, another one each time where
 * `FUZZ_RUNS` asks for more of them, and `FUZZ_SEED` where it is set: with that of a report the
 * same cases come again.
 */
export const SEED =
  numberFrom('FUZZ_SEED') ?? (process.env.FUZZ_RUNS ? Math.floor(Math.random() * 2 ** 31) : 1)

/** How often a property is tried: `base` times in `npm test`. */
export const runs = (base: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil(base * FACTOR),
})

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

fc.configureGlobal({ seed: SEED, reporter: report, ...runs(100) })

export default fc
