import { figuresOf, floorOf } from './measure/figures.js'
import type { Cell } from './measure/load.js'
import type { Memory } from './measure/memory.js'
import type { StageTimes } from './measure/stages.js'
import type { StartName, StartTimes, StartUp } from './measure/start-up.js'
import type { Node } from './nodes.js'
import { median } from './statistics.js'

/** Everything that was measured on one Node.js; what was not asked for is not there. */
export interface Results {
  readonly node: Node
  readonly cells: ReadonlyArray<Cell>
  readonly startUp?: StartUp
  readonly memory?: Memory
  readonly stages?: ReadonlyArray<StageTimes>
}

/** Ratios by address, such as `node20 load/hello/fresh`. Each is above 1 where ours does better than what it is compared with, and falls where ours gets worse. */
export type Scores = Readonly<Record<string, number>>

/** The ratios of some results: what the baseline holds. */
export const scoresOf = ({ node, cells, startUp, memory, stages }: Results): Scores => {
  const scores: Array<readonly [string, number]> = [
    ...cells.flatMap((cell): ReadonlyArray<readonly [string, number]> => {
      const floor = floorOf(cells, cell)
      if (floor === undefined || cell.server !== 'ours') return []
      // A busy machine can only make either of the two worse than it is; what is slower shows in both.
      const { ratio, steady } = figuresOf(cell, floor)
      return [[`load/${cell.work}/${cell.pattern}`, Math.max(ratio.median, steady)]]
    }),
    ...(startUp === undefined ? [] : startUpScores(startUp)),
    ...(memory === undefined ? [] : memoryScores(memory)),
    ...(stages ?? []).map(({ name, ours, floor }) => [`stages/${name}`, stageRatio(ours, floor)] as const),
  ]
  return Object.fromEntries(scores.map(([address, score]) => [`${node.key} ${address}`, Number(score.toFixed(3))]))
}

const stageRatio = (ours: ReadonlyArray<number>, floor: ReadonlyArray<number>): number =>
  median(ours.map((ns, round) => (floor[round] ?? Number.NaN) / ns))

/** How much longer a start takes than another program's, round by round. */
export const startRatio = (startUp: StartUp, name: StartName, kind: keyof StartTimes, other: StartName): number =>
  median(startUp[name][kind].map((ms, round) => ms / (startUp[other].end[round] ?? Number.NaN)))

const startUpScores = (startUp: StartUp): ReadonlyArray<readonly [string, number]> => [
  ['start-up/compiled, socket', 1 / startRatio(startUp, 'compiled', 'socket', 'given')],
  ['start-up/compiled, first answer', 1 / startRatio(startUp, 'compiled', 'answer', 'given')],
  ['start-up/bundle, socket', 1 / startRatio(startUp, 'bundle', 'socket', 'empty')],
  ['start-up/bundle, first answer', 1 / startRatio(startUp, 'bundle', 'answer', 'empty')],
  ['start-up/compiled, --metadata', 1 / startRatio(startUp, 'metadata', 'end', 'essentials')],
]

const memoryScores = (memory: Memory): ReadonlyArray<readonly [string, number]> => {
  const resident = (name: keyof Memory['rest']): number => median(memory.rest[name].map(held => held.resident))
  return [
    ['memory/at rest', resident('given') / resident('ours')],
    ['memory/at rest, unwatched', resident('given') / resident('unwatched')],
    ['memory/after requests', memory.before.resident / memory.after.resident],
  ]
}
