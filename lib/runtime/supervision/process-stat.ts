import { readFileSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'

/** What the system says about a process. */
export interface ProcessStat {
  /** The process that it belongs to now: another one than at its start, once that has died. */
  readonly parent: number
  /**
   * When it was started, in the system's own ticks since it booted: with its id it names one
   * process for good, as ids are used again.
   */
  readonly startTime: string
}

/**
 * The state of a process from `/proc/<pid>/stat` (proc(5)); none if there is no such process, or no
 * `/proc`.
 */
export const statOf = (pid: number): O.Option<ProcessStat> =>
  pipe(
    O.tryCatch(() => readFileSync(`/proc/${pid}/stat`, 'latin1')),
    O.chain(statIn),
  )

/**
 * The fields 4 and 22. The second is the name in brackets, and a name may hold anything, brackets
 * and blanks too.
 */
const statIn = (text: string): O.Option<ProcessStat> => {
  const [, parent, ...later] = text.slice(text.lastIndexOf(') ') + 2).split(' ')
  const startTime = later[17]
  return parent === undefined || startTime === undefined
    ? O.none
    : O.some({ parent: Number(parent), startTime })
}
