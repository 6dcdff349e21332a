import { readdirSync, readFileSync } from 'node:fs'
import { E, O, pipe } from '../../fp.js'

/**
 * The resident memory of process groups in bytes, by their leaders. Groups that the system does not
 * know are missing.
 */
export const memoryOf = (leaders: ReadonlySet<number>): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>()
  if (leaders.size === 0) return sums
  for (const name of namesIn('/proc').filter(name => /^\d+$/.test(name))) {
    const group = pipe(textOf(`/proc/${name}/stat`), O.map(groupIn))
    if (O.isNone(group) || !leaders.has(group.value)) continue
    const resident = pipe(textOf(`/proc/${name}/status`), O.map(residentIn))
    if (O.isSome(resident)) sums.set(group.value, (sums.get(group.value) ?? 0) + resident.value)
  }
  return sums
}

const namesIn = (folder: string): ReadonlyArray<string> =>
  E.getOrElse(() => [] as string[])(E.tryCatch(() => readdirSync(folder), String))

const textOf = (file: string): O.Option<string> => O.tryCatch(() => readFileSync(file, 'latin1'))

/**
 * The process group is field 5 of `/proc/<pid>/stat`. Field 2, a name in brackets, may contain
 * spaces and brackets.
 */
const groupIn = (stat: string): number =>
  Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[2])

const residentIn = (status: string): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024
