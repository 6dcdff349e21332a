import { readFileSync } from 'node:fs'
import { O, pipe } from '../../fp.js'
import { processIds, statOf } from '../../runtime/supervision/process-stat.js'

/**
 * The resident memory of process groups in bytes, by their leaders. Groups that the system does not
 * know are missing.
 */
export const memoryOf = (leaders: ReadonlySet<number>): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>()
  if (leaders.size === 0) return sums
  for (const pid of O.getOrElse((): ReadonlyArray<number> => [])(processIds())) {
    const stat = statOf(pid)
    if (O.isNone(stat) || !leaders.has(stat.value.group)) continue
    const { group } = stat.value
    const resident = residentOf(pid)
    if (O.isSome(resident)) sums.set(group, (sums.get(group) ?? 0) + resident.value)
  }
  return sums
}

const residentOf = (pid: number): O.Option<number> =>
  pipe(
    O.tryCatch(() => readFileSync(`/proc/${pid}/status`, 'latin1')),
    O.map(status => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024),
  )
