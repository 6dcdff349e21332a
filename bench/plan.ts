import type { Options } from './options.js'
import { type PatternName, patternsOf, WORKS, type WorkName } from './work.js'

/** How long each part of the bench is measured. */
export interface Plan {
  /**
   * The two servers whose ratio counts take part in every round. The others take part in every
   * third one, and get this share of the warm-up.
   */
  readonly load: { readonly rounds: number; readonly ms: number; readonly othersWarmUp: number }
  readonly startUp: { readonly rounds: number }
  readonly memory: { readonly rounds: number; readonly requests: number }
  readonly stages: { readonly rounds: number; readonly ms: number }
}

/** About three minutes on two idle cores and two versions of Node.js. */
export const FULL: Plan = {
  load: { rounds: 9, ms: 120, othersWarmUp: 0.5 },
  startUp: { rounds: 15 },
  memory: { rounds: 3, requests: 1_000_000 },
  stages: { rounds: 7, ms: 40 },
}

/** About half a minute. */
export const QUICK: Plan = {
  load: { rounds: 3, ms: 50, othersWarmUp: 0.1 },
  startUp: { rounds: 4 },
  memory: { rounds: 1, requests: 50_000 },
  stages: { rounds: 3, ms: 15 },
}

/** The same with twice the rounds: for ratios that are measured again. */
export const doubled = ({ load, startUp, memory, stages }: Plan): Plan => ({
  load: { ...load, rounds: 2 * load.rounds },
  startUp: { rounds: 2 * startUp.rounds },
  memory: { ...memory, rounds: 2 * memory.rounds },
  stages: { ...stages, rounds: 2 * stages.rounds },
})

/** Which parts are measured. */
export interface Selection {
  readonly load: (work: WorkName, pattern: PatternName) => boolean
  readonly startUp: boolean
  readonly memory: boolean
  readonly stages: boolean
}

/** What the command line selects. */
export const selectionOf = ({ only }: Options): Selection => ({
  load: (_work, pattern) => only === undefined || only === pattern,
  startUp: only === undefined || only === 'start-up',
  memory: only === undefined || only === 'memory',
  stages: only === undefined || only === 'stages',
})

/** What has to be measured for some addresses of ratios, such as `load/hello/fresh`. */
export const selectionFor = (addresses: ReadonlyArray<string>): Selection => {
  const has = (part: string): boolean => addresses.some(address => address.startsWith(`${part}/`))
  return {
    load: (work, pattern) => addresses.includes(`load/${work}/${pattern}`),
    startUp: has('start-up'),
    memory: has('memory'),
    stages: has('stages'),
  }
}

/** Whether any load is to be measured at all. */
export const wantsLoad = ({ load }: Selection): boolean =>
  WORKS.some(work => patternsOf(work).some(pattern => load(work, pattern)))
