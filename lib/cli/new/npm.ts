import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { startOrphanCleanup } from '../../devhost/process/orphan-cleanup.js'
import { runProcess } from '../../plugin-process/run-process.js'
import { withCleanup } from '../cleanup.js'
import { type NpmFailure, npmFailure } from './npm-failure.js'

/** An hour, in milliseconds. */
const TIMEOUT = 3_600_000

/**
 * How long npm waits before it asks a registry again that did not answer, in milliseconds. By
 * default it waits 10 s and then a minute, without a word.
 */
const RETRIES = {
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '5000',
}

/** npm, while it is used. */
export interface Npm {
  /** Runs it in a folder, and yields its output. */
  readonly run: (args: ReadonlyArray<string>, cwd: string) => TaskEither<NpmFailure, string>
  /** An empty folder, which is removed afterwards. */
  readonly folder: string
}

/**
 * Uses npm. It is killed when this process ends, however that ends: an npm that is only asked to
 * end takes its time, and removes what the next one installs.
 */
export const withNpm =
  <E, A>(use: (npm: Npm) => TaskEither<E, A>): TaskEither<E, A> =>
  () =>
    withCleanup(async cleanup => {
      const folder = cleanup.folder()
      const orphans = startOrphanCleanup(folder, 'SIGKILL')
      const group = {
        started: (leader: number): void => {
          cleanup.started(leader)
          orphans.started(leader)
        },
        exited: (leader: number): void => {
          cleanup.kill(leader)
          orphans.exited(leader)
        },
      }
      const run: Npm['run'] = (args, cwd) => async () => {
        const command = ['npm', ...args, '--loglevel=error'] as const
        const env = { ...RETRIES, ...process.env }
        const ran = await runProcess(command, { cwd, timeout: TIMEOUT, env, group })
        return ran.code === 0 ? E.right(ran.stdout) : E.left(npmFailure(ran))
      }
      const result = await use({ run, folder })()
      orphans.dismiss()
      return result
    })
