import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** A file below `/proc`; empty where the process is gone, which may be while it is read. */
const textAt = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The command line of a process, its arguments separated by NUL; empty where it has ended. */
export const commandOf = (pid: number): string => textAt(`/proc/${pid}/cmdline`)

/**
 * Whether a process is there and has not ended. One whose parent has not asked yet how it ended
 * keeps its place in the list of processes, and has no command any more.
 */
export const isRunning = (pid: number): boolean => commandOf(pid) !== ''

/** The parent of a process, if that is there. */
export const parentOf = (pid: number): number | undefined => {
  const found = /^PPid:\t(\d+)$/m.exec(textAt(`/proc/${pid}/status`))
  return found === null ? undefined : Number(found[1])
}

/** Waits for what no event tells. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await pause(10)
}

/** How many milliseconds something took. */
export const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now()
  await run()
  return performance.now() - begin
}
