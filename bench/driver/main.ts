// The process that makes the load: it takes jobs from its parent, one at a time, and reports their
// results.
import { EXCHANGES } from '../work.js'
import type { Job, Report } from './job.js'
import { run } from './patterns.js'
import { verify } from './verify.js'

const slice = async (job: Job): Promise<Report> => {
  try {
    await verify(job.path, job.protocol, EXCHANGES[job.work])
    return { slice: await run(job) }
  } catch (reason) {
    return { failure: reason instanceof Error ? reason.message : String(reason) }
  }
}

process.on('message', (job: Job) => void slice(job).then(report => process.send?.(report)))
process.on('disconnect', () => process.exit())
