import { readdirSync, readFileSync } from 'node:fs'

/** A tick of /proc/<pid>/stat, in seconds: 100 a second on every Linux that Node.js runs on. */
const TICK = 0.01

/** Seconds of processor time that a process has used, all its threads together. */
export const cpuOf = (pid: number): number => {
  let nanoseconds = 0
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    }
    return nanoseconds / 1e9
  } catch {
    return ticksOf(pid) * TICK
  }
}

/** The coarser figure that every kernel has. The name of a process, in brackets, may hold spaces. */
const ticksOf = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
