import { readdirSync, readFileSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'

/** What the system says about a process. */
export interface ProcessStat {
  /** A letter, such as `S` for sleeping and `Z` for a zombie. */
  readonly state: string
  /** Its parent now, which is another process once the first parent has ended. */
  readonly parent: number
  /** The leaders of its process group and of its session. */
  readonly group: number
  readonly session: number
  /**
   * When it was started, in clock ticks since the system booted. Process ids are reused; an id and
   * a start time together identify one process.
   */
  readonly startTime: string
}

/**
 * The state of a process from `/proc/<pid>/stat` (proc(5)). None if there is no such process, or no
 * `/proc`.
 */
export const statOf = (pid: number): O.Option<ProcessStat> =>
  pipe(
    O.tryCatch(() => readFileSync(`/proc/${pid}/stat`, 'latin1')),
    O.chain(parseStat),
  )

/**
 * Reads the fields 3 to 6 and 22. Field 2 is the name in brackets, which may itself hold brackets
 * and spaces.
 */
const parseStat = (text: string): O.Option<ProcessStat> => {
  const [state, parent, group, session, ...later] = text
    .slice(text.lastIndexOf(') ') + 2)
    .split(' ')
  const startTime = later[15]
  return state === undefined || startTime === undefined
    ? O.none
    : O.some({
        state,
        parent: Number(parent),
        group: Number(group),
        session: Number(session),
        startTime,
      })
}

/** The ids of all processes. None where there is no `/proc`. */
export const processIds = (): O.Option<ReadonlyArray<number>> =>
  O.tryCatch(() =>
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number),
  )
