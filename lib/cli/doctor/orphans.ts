import { readdirSync, readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Finding, reporter } from './finding.js'

const { ok, warning } = reporter('orphans')

/**
 * Finds plugins whose host is gone: processes with `TORU_PLUGIN_SOCKET` in their environment whose
 * parent did not start them. It sees only what this user may read in /proc.
 */
export const orphans = (own: number = process.pid): ReadonlyArray<Finding> => {
  const all = E.tryCatch(() => readdirSync('/proc').filter(name => /^\d+$/.test(name)), E.toError)
  if (E.isLeft(all)) return [ok('this system has no /proc: plugins without a host cannot be found')]
  const found = all.right
    .map(Number)
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
}

const read = (pid: number, name: string): string | undefined =>
  pipe(
    E.tryCatch(() => readFileSync(`/proc/${pid}/${name}`, 'latin1'), E.toError),
    E.match(
      () => undefined,
      text => text,
    ),
  )

const socketOf = (pid: number): string | undefined =>
  read(pid, 'environ')
    ?.split('\0')
    .find(entry => entry.startsWith('TORU_PLUGIN_SOCKET='))
    ?.slice('TORU_PLUGIN_SOCKET='.length)

interface Stat {
  readonly state: string
  readonly parent: number
  readonly session: number
}

/**
 * The fields 3, 4 and 6 of /proc/<pid>/stat (proc(5)): they follow the name, which stands in
 * brackets and may hold anything.
 */
const statOf = (pid: number): Stat | undefined => {
  const text = read(pid, 'stat')
  const [state, parent, , session] = text?.slice(text.lastIndexOf(') ') + 2).split(' ') ?? []
  return state === undefined || parent === undefined || session === undefined
    ? undefined
    : { state, parent: Number(parent), session: Number(session) }
}

/**
 * Whether a process belongs to one who did not start it. A process has the session of its parent,
 * or leads one of its own: another session is that of a parent that has died. (Its new parent is
 * process 1, or any process that has asked to get orphans.)
 */
const isOrphan = (pid: number): boolean => {
  const stat = statOf(pid)
  if (stat === undefined || stat.state === 'Z') return false
  if (stat.session === pid) return stat.parent === 1
  // A parent that is not to be seen lives outside of this container.
  const parent = statOf(stat.parent)
  return parent !== undefined && parent.session !== stat.session
}
