// The goals of the package, and whether it meets them.
import { type Figures, figuresOf } from '../measure/figures.js'
import type { Cell } from '../measure/load.js'
import type { Memory } from '../measure/memory.js'
import type { StartUp } from '../measure/start-up.js'
import { type Results, startRatio } from '../results.js'
import type { ServerName } from '../servers/index.js'
import { median } from '../statistics.js'
import type { PatternName, WorkName } from '../work.js'
import { number, ratio, table } from './table.js'

/** One goal: the figure that is wanted, the one that was found, and whether that is enough. */
export interface Goal {
  readonly what: string
  readonly wanted: string
  readonly found: string
  readonly met: boolean
}

/** The goals as a table. */
export const goalsTable = (goals: ReadonlyArray<Goal>): string =>
  table(
    ['goal', 'wanted', 'found', 'met'],
    goals.map(({ what, wanted, found, met }) => [what, wanted, found, met ? 'yes' : 'no']),
  )

/** The goals of everything that was measured. */
export const goalsOf = (results: Results): ReadonlyArray<Goal> => [
  ...loadGoals(results),
  ...(results.startUp === undefined ? [] : startGoals(results.startUp)),
  ...(results.memory === undefined ? [] : memoryGoals(results.memory)),
]

const atMost = (what: string, wanted: number, found: number, unit = ''): Goal => ({
  what,
  wanted: `≤ ${wanted}${unit}`,
  found: `${ratio(found)}${unit}`,
  met: found <= wanted,
})

/**
 * Requests a second over those of another, and beside them the processor time, which other work on
 * the machine does not touch.
 */
const atLeast = (what: string, wanted: number, found: Figures | undefined): ReadonlyArray<Goal> =>
  found === undefined
    ? []
    : [
        {
          what,
          wanted: `≥ ${wanted}`,
          found: `${ratio(found.ratio.median)} (${steadily(found)})`,
          met: found.ratio.median >= wanted,
        },
      ]

const steadily = ({ p50, steady, cpuRatio }: Figures): string =>
  `${p50 === undefined ? '' : `by median latency ${ratio(steady)}, `}processor time × ${ratio(cpuRatio)}`

const loadGoals = ({ cells }: Results): ReadonlyArray<Goal> => {
  const measured = (server: ServerName, work: WorkName, pattern: PatternName): Cell | undefined =>
    cells.find(
      each =>
        each.server === server &&
        each.work === work &&
        each.pattern === pattern &&
        each.slices.size > 0,
    )
  const beside = (
    server: ServerName,
    other: ServerName,
    pattern: PatternName,
    work: WorkName = 'hello',
  ): Figures | undefined => {
    const [cell, base] = [measured(server, work, pattern), measured(other, work, pattern)]
    return cell === undefined || base === undefined ? undefined : figuresOf(cell, base)
  }
  const large = beside('ours', 'floor', 'keep', 'large')
  return [
    ...atLeast('fresh, × floor', 1, beside('ours', 'floor', 'fresh')),
    ...atLeast('fresh, × Fastify', 1, beside('ours', 'fastify', 'fresh')),
    ...freshP99(beside('ours', 'floor', 'fresh')?.p99, beside('floor', 'floor', 'fresh')?.p99),
    ...atLeast('keep, × floor', 0.95, beside('ours', 'floor', 'keep')),
    ...atLeast('64 connections, × floor', 0.9, beside('ours', 'floor', 'crowd')),
    ...atLeast('pipelined, × floor', 0.8, beside('ours', 'floor', 'pipelined')),
    ...pipelinedRate(
      beside('ours', 'floor', 'pipelined')?.rate.median,
      beside('floor', 'floor', 'pipelined')?.rate.median,
    ),
    ...(large === undefined
      ? []
      : [atMost('1 MiB in and out, time × floor', 1.3, 1 / large.ratio.median)]),
  ]
}

/** Microseconds. If the floor misses the goal on a machine, the goal does not count there. */
const freshP99 = (ours: number | undefined, floor: number | undefined): ReadonlyArray<Goal> =>
  ours === undefined || floor === undefined
    ? []
    : [
        {
          what: 'fresh, p99',
          wanted: '< 100 µs, where the floor’s is',
          found: `${number(ours)} µs (the floor ${number(floor)} µs)`,
          met: ours < 100 || floor >= 100,
        },
      ]

const pipelinedRate = (ours: number | undefined, floor: number | undefined): ReadonlyArray<Goal> =>
  ours === undefined || floor === undefined
    ? []
    : [
        {
          what: 'pipelined, requests/s',
          wanted: '> 150,000, where the floor does 250,000',
          found: `${number(ours)} (the floor ${number(floor)})`,
          met: ours > 150_000 || floor < 250_000,
        },
      ]

const startGoals = (startUp: StartUp): ReadonlyArray<Goal> => [
  atMost(
    'socket accepts, packed, × empty Node.js',
    1.3,
    startRatio(startUp, 'bundle', 'socket', 'empty'),
  ),
  atMost(
    'socket accepts, compiled files, × the given packages',
    1.1,
    startRatio(startUp, 'compiled', 'socket', 'given'),
  ),
  atMost(
    '--metadata, compiled files, × reflect-metadata and io-ts',
    1,
    startRatio(startUp, 'metadata', 'end', 'essentials'),
  ),
]

const memoryGoals = ({ rest, before, after, requests }: Memory): ReadonlyArray<Goal> => {
  const resident = (name: keyof Memory['rest']): number =>
    median(rest[name].map(held => held.resident))
  return [
    atMost(
      'at rest, over the given packages, without the watchdog',
      6,
      resident('unwatched') - resident('given'),
      ' MiB',
    ),
    atMost(
      `after ${number(requests)} requests, more than before`,
      25,
      after.resident - before.resident,
      ' MiB',
    ),
  ]
}
