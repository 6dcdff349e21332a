// Measures the stages on this Node.js and says what came of it to its parent. Arguments: rounds, milliseconds of a slice.
import { STAGES } from './stages.js'

const [rounds = 5, ms = 40] = process.argv.slice(2).map(Number)

/** Nanoseconds a message. A run that is answered later is waited for. */
const slice = async (run: () => unknown, messages: number): Promise<number> => {
  const later = run() instanceof Promise
  const begun = performance.now()
  let runs = 0
  let last: unknown
  while (performance.now() - begun < ms) {
    if (later) for (let i = 0; i < 64; i++) last = await run()
    else for (let i = 0; i < 64; i++) last = run()
    runs += 64
  }
  if (last === kept) console.error('never said')
  return ((performance.now() - begun) * 1e6) / runs / messages
}
const kept = Symbol()

const figures = STAGES.map(({ name }) => ({ name, ours: [] as number[], floor: [] as number[] }))
for (let round = 0; round <= rounds; round++) {
  for (const [index, stage] of STAGES.entries()) {
    const kinds = round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)
    for (const kind of kinds) {
      const ns = await slice(stage[kind], stage.messages)
      // The first round warms up.
      if (round > 0) figures[index]?.[kind].push(ns)
    }
  }
}
process.send?.(figures)
