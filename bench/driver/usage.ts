import { readdirSync, readFileSync } from 'node:fs'

/** Processor time of a process so far, in seconds. */
export interface Usage {
  /** To the nanosecond, of the living threads. */
  readonly fine: number
  /** To the tick, including threads that ended. */
  readonly coarse: number
}

/** A tick of /proc/<pid>/stat, in seconds: 100 a second on every Linux that Node.js runs on. */
const TICK = 0.01

/** The processor time that a process has used, over all its threads. */
export const usageOf = (pid: number): Usage => ({
  fine: readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + secondsOf(`/proc/${pid}/task/${thread}/schedstat`),
    0,
  ),
  coarse: ticksOf(pid) * TICK,
})

/**
 * The processor time between two moments. The finer figure misses threads that ended, as those of a
 * server with a thread for every connection.
 */
export const usedBetween = (before: Usage, after: Usage): number => {
  const [fine, coarse] = [after.fine - before.fine, after.coarse - before.coarse]
  return Math.abs(coarse - fine) > 2 * TICK ? coarse : fine
}

/** A thread may end while it is looked at. */
const secondsOf = (file: string): number => {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e9
  } catch {
    return 0
  }
}

/** The name of a process, in brackets, may hold spaces. */
const ticksOf = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
