import { readFileSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { processIds, statOf } from '../../runtime/supervision/process-stat.js'
import { type Finding, reporter } from './finding.js'

const { ok, warning } = reporter('orphans')

/**
 * Finds plugins whose host is gone: processes with `TORU_PLUGIN_SOCKET` in their environment whose
 * parent did not start them. It sees only what this user may read in /proc.
 */
export const orphans = (own: number = process.pid): ReadonlyArray<Finding> =>
  pipe(
    processIds(),
    O.match(
      () => [ok('this system has no /proc: plugins without a host cannot be found')],
      pids => {
        const found = pids
          .filter(pid => pid !== own)
          .flatMap(pid => {
            const socket = socketOf(pid)
            return socket !== undefined && isOrphan(pid) ? [{ pid, socket }] : []
          })
        return found.length === 0
          ? [ok('no plugin without its host')]
          : found.map(({ pid, socket }) =>
              warning(
                `process ${pid} serves ${socket}, and the host that started it is gone`,
                `kill ${pid}`,
              ),
            )
      },
    ),
  )

const socketOf = (pid: number): string | undefined =>
  pipe(
    O.tryCatch(() => readFileSync(`/proc/${pid}/environ`, 'latin1')),
    O.toUndefined,
  )
    ?.split('\0')
    .find(entry => entry.startsWith('TORU_PLUGIN_SOCKET='))
    ?.slice('TORU_PLUGIN_SOCKET='.length)

/**
 * Whether the parent of a process did not start it. A process has the session of its parent or
 * leads one of its own, so another session is that of a parent that has died. (The new parent is
 * process 1, or any process that has asked to get orphans.)
 */
const isOrphan = (pid: number): boolean => {
  const stat = O.toUndefined(statOf(pid))
  if (stat === undefined || stat.state === 'Z') return false
  if (stat.session === pid) return stat.parent === 1
  // A parent that cannot be seen lives outside of this container.
  const parent = O.toUndefined(statOf(stat.parent))
  return parent !== undefined && parent.session !== stat.session
}
