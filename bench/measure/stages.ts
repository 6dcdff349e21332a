import { fork } from 'node:child_process'
import { join } from 'node:path'
import { DIST } from '../process.js'

/**
 * A stage of a message's way and its cost: nanoseconds a message, one figure a round, ours and by
 * hand.
 */
export interface StageTimes {
  readonly name: string
  readonly ours: ReadonlyArray<number>
  readonly floor: ReadonlyArray<number>
}

/** Measures the stages in a process of their own on the given Node.js. */
export const measureStages = (
  node: string,
  rounds: number,
  ms: number,
): Promise<ReadonlyArray<StageTimes>> =>
  new Promise((resolve, reject) => {
    const child = fork(join(DIST, 'bench/stages/main.js'), [String(rounds), String(ms)], {
      execPath: node,
    })
    child.once('message', (times: ReadonlyArray<StageTimes>) => resolve(times))
    child.once('error', reject)
    child.once('exit', code =>
      reject(new Error(`the stages ended with exit code ${code} and said nothing`)),
    )
  })
