import { readFileSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'

/** What the system says about a process. */
export interface ProcessStat {
  /** Its parent now, which is another process once the first parent has ended. */
  readonly parent: number
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
 * Reads the fields 4 and 22. Field 2 is the name in brackets, which may itself hold brackets and
 * blanks.
 */
const parseStat = (text: string): O.Option<ProcessStat> => {
  const [, parent, ...later] = text.slice(text.lastIndexOf(') ') + 2).split(' ')
  const startTime = later[17]
  return parent === undefined || startTime === undefined
    ? O.none
    : O.some({ parent: Number(parent), startTime })
}
