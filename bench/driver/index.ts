import { fork } from 'node:child_process'
import { join } from 'node:path'
import { DIST } from '../process.js'
import type { Job, Report, Slice } from './job.js'

/** The driver, in a process of its own. */
export interface Driver {
  /** Runs one slice of load. Rejects if a server gives a wrong answer or none. */
  readonly run: (job: Job) => Promise<Slice>
  readonly end: () => void
}

/** How long past its own time a slice may take, in milliseconds. A million requests take less. */
const PATIENCE = 60_000

/**
 * Starts the driver, always on the Node.js that runs the bench, so that only the server differs.
 */
export const startDriver = (): Driver => {
  const child = fork(join(DIST, 'bench/driver/main.js'))
  const next = (what: string, ms: number): Promise<Report> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the driver did not come to an end: ${what}`)),
        ms,
      )
      const settle = (f: () => void) => () => {
        clearTimeout(timer)
        child.removeAllListeners()
        f()
      }
      child.once('message', (report: Report) => settle(() => resolve(report))())
      child.once('exit', code =>
        settle(() => reject(new Error(`the driver ended with exit code ${code}`)))(),
      )
    })
  return {
    run: async job => {
      const report = next(`${job.path}, ${job.work}, ${job.pattern}`, (job.ms ?? 0) + PATIENCE)
      child.send(job)
      const said = await report
      if ('failure' in said)
        throw new Error(`${job.path}, ${job.work}, ${job.pattern}: ${said.failure}`)
      return said.slice
    },
    end: () => child.disconnect(),
  }
}
