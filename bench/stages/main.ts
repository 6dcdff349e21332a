// Measures the stages on this Node.js and reports to its parent. Arguments: rounds, milliseconds of
// a slice.
import { median } from '../statistics.js'
import { STAGES } from './stages.js'

const [rounds = 5, ms = 40] = process.argv.slice(2).map(Number)

/**
 * How many runs are timed together, and how many come before the first that counts: a number and
 * not a time, so that the code is compiled in every measurement.
 */
const BATCH = 32
const WARM_UP = 30_000

/**
 * Nanoseconds a message: the median of batches so short that few of them are interrupted. Runs that
 * answer with a promise are awaited.
 */
const slice = async (run: () => unknown, messages: number): Promise<number> => {
  const until = performance.now() + ms
  const batches: number[] = []
  do {
    const begun = performance.now()
    await batch(run)
    batches.push(((performance.now() - begun) * 1e6) / BATCH / messages)
  } while (performance.now() < until)
  return median(batches)
}

const batch = async (run: () => unknown): Promise<void> => {
  for (let i = 0; i < BATCH; i++) {
    const result = run()
    if (result instanceof Promise) await result
  }
}

for (const { ours, floor, messages } of STAGES) {
  for (const run of [ours, floor])
    for (let i = 0; i < WARM_UP / messages; i += BATCH) await batch(run)
}
const figures = STAGES.map(({ name }) => ({ name, ours: [] as number[], floor: [] as number[] }))
for (let round = 0; round < rounds; round++) {
  for (const [index, stage] of STAGES.entries()) {
    const kinds = round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)
    for (const kind of kinds) {
      const ns = await slice(stage[kind], stage.messages)
      figures[index]?.[kind].push(ns)
    }
  }
}
process.send?.(figures)
