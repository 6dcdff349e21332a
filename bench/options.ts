import { PATTERNS, type PatternName } from './work.js'

/** The parts of the bench besides the patterns of load. */
export const PARTS = ['start-up', 'memory', 'stages'] as const

/** One of {@link PARTS}. */
export type PartName = (typeof PARTS)[number]

/** What the command line asks for. */
export interface Options {
  /** Half a minute instead of three. */
  readonly quick: boolean
  /** Compare with the baseline, and fail if a ratio fell. */
  readonly check: boolean
  /** Write the ratios to the baseline. */
  readonly updateBaseline: boolean
  /** Measure only this pattern or part; write nothing. */
  readonly only: PatternName | PartName | undefined
}

/** What `--help` prints, and what a wrong argument gets. */
export const USAGE = `npm run bench -- [--quick] [--check] [--update-baseline] [--only <what>]

  --quick            half a minute instead of about three
  --check            compare the ratios with bench/baseline.json; exit code 1 where one has fallen
  --update-baseline  write the ratios to bench/baseline.json
  --only <what>      one of ${[...PATTERNS, ...PARTS].join(', ')}; nothing is written but the table`

const isOnly = (text: string | undefined): text is PatternName | PartName =>
  [...PATTERNS, ...PARTS].some(name => name === text)

/** What to print instead of measuring: the usage, or what is wrong with the arguments. */
export interface Refusal {
  readonly problem: string | undefined
}

/** The options of a command line. */
export const optionsOf = (args: ReadonlyArray<string>): Options | Refusal => {
  let options: Options = { quick: false, check: false, updateBaseline: false, only: undefined }
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]
    if (argument === '--quick') options = { ...options, quick: true }
    else if (argument === '--check') options = { ...options, check: true }
    else if (argument === '--update-baseline') options = { ...options, updateBaseline: true }
    else if (argument === '--only') {
      const only = args[++i]
      if (!isOnly(only))
        return {
          problem: `--only wants one of ${[...PATTERNS, ...PARTS].join(', ')}, not ${only ?? 'nothing'}`,
        }
      options = { ...options, only }
    } else return { problem: argument === '--help' ? undefined : `unknown argument: ${argument}` }
  }
  return options
}
