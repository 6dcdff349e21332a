import { figuresOf, floorOf } from './measure/figures.js'
import type { Cell } from './measure/load.js'
import type { Memory } from './measure/memory.js'
import type { StageTimes } from './measure/stages.js'
import type { StartName, StartTimes, StartUp } from './measure/start-up.js'
import type { Node } from './nodes.js'
import { median, quantile } from './statistics.js'

/** Everything that was measured on one Node.js. Parts that were not selected are missing. */
export interface Results {
  readonly node: Node
  readonly cells: ReadonlyArray<Cell>
  readonly startUp?: StartUp
  readonly memory?: Memory
  readonly stages?: ReadonlyArray<StageTimes>
}

/**
 * Ratios by address, such as `node20 load/hello/fresh`. A ratio is above 1 if ours does better than
 * the other, and falls if ours gets worse.
 */
export type Scores = Readonly<Record<string, number>>

/**
 * The ratios of some results. Load has two: by requests a second, and by the figure that a busy
 * machine disturbs least. On an idle machine they agree. The baseline keeps the worse of the two,
 * and is compared with the better: a real loss shows in both.
 */
export const scoresOf = (
  { node, cells, startUp, memory, stages }: Results,
  of: 'better' | 'worse',
): Scores => {
  const choose = of === 'better' ? Math.max : Math.min
  const scores: Array<readonly [string, number]> = [
    ...cells.flatMap((cell): ReadonlyArray<readonly [string, number]> => {
      const floor = floorOf(cells, cell)
      if (floor === undefined || cell.server !== 'ours') return []
      const { ratio, steady } = figuresOf(cell, floor)
      return [[`load/${cell.work}/${cell.pattern}`, choose(ratio.median, steady)]]
    }),
    ...(startUp === undefined ? [] : startUpScores(startUp)),
    ...(memory === undefined ? [] : memoryScores(memory)),
    ...(stages ?? []).map(stage => [`stages/${stage.name}`, stageRatio(stage)] as const),
  ]
  return Object.fromEntries(
    scores.map(([address, score]) => [`${node.key} ${address}`, Number(score.toFixed(3))]),
  )
}

/**
 * The floor's time over ours. Other work on the machine only adds to a time, so the lower quarters
 * of the rounds say most.
 */
export const stageRatio = ({ ours, floor }: StageTimes): number =>
  quantile(floor, 0.25) / quantile(ours, 0.25)

/** The time of a start over that of another program, round by round. */
export const startRatio = (
  startUp: StartUp,
  name: StartName,
  kind: keyof StartTimes,
  other: StartName,
): number =>
  median(startUp[name][kind].map((ms, round) => ms / (startUp[other].end[round] ?? Number.NaN)))

/** As with the stages: the lower quarters of the rounds. */
const startUpScores = (startUp: StartUp): ReadonlyArray<readonly [string, number]> => {
  const over = (other: StartName, name: StartName, kind: keyof StartTimes): number =>
    quantile(startUp[other].end, 0.25) / quantile(startUp[name][kind], 0.25)
  return [
    ['start-up/compiled, socket', over('given', 'compiled', 'socket')],
    ['start-up/compiled, first answer', over('given', 'compiled', 'answer')],
    ['start-up/bundle, socket', over('empty', 'bundle', 'socket')],
    ['start-up/bundle, first answer', over('empty', 'bundle', 'answer')],
    ['start-up/compiled, --metadata', over('essentials', 'metadata', 'end')],
  ]
}

const memoryScores = (memory: Memory): ReadonlyArray<readonly [string, number]> => {
  const resident = (name: keyof Memory['rest']): number =>
    median(memory.rest[name].map(held => held.resident))
  return [
    ['memory/at rest', resident('given') / resident('ours')],
    ['memory/at rest, unwatched', resident('given') / resident('unwatched')],
    ['memory/after requests', memory.before.resident / memory.after.resident],
  ]
}
