import * as O from 'fp-ts/lib/Option.js'
import { isRunning } from '../../domain/is-running.js'
import { statOf } from './process-stat.js'

/** How often the parents are checked, in milliseconds. */
const CHECK_EVERY = 1_000

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The processes that a plugin does not outlive. A host that is killed cannot stop its plugins
 * (docs/protocol.md#limits).
 */
export interface Parents {
  /**
   * The process that started this one and must stay its parent: the guardian if there is one,
   * otherwise the host. None if the plugin was started by hand.
   */
  readonly parent: number | undefined
  /**
   * The process that must stay the parent of the guardian: the host. None without a guardian, or if
   * the guardian was started by hand.
   */
  readonly grandparent: number | undefined
  /** Whether `parent` is a guardian, which restarts the plugin. */
  readonly guarded: boolean
}

/**
 * The processes that started a plugin. `TORU_PLUGIN_SOCKET` says that a host did; `TORU_GUARDIAN`
 * and `TORU_GUARDIAN_PARENT` are process ids that the guardian sets. A guardian that runs and is
 * not the parent belongs to another plugin, because child processes inherit the environment.
 */
export const parentsOf = (env: Environment, ppid: number = process.ppid): Parents => {
  const hosted = env.TORU_PLUGIN_SOCKET !== undefined
  const guardian = Number(env.TORU_GUARDIAN)
  if (!(guardian > 0) || (guardian !== ppid && isRunning(guardian))) {
    return { parent: hosted ? ppid : undefined, grandparent: undefined, guarded: false }
  }
  return {
    parent: guardian,
    grandparent: hosted ? Number(env.TORU_GUARDIAN_PARENT) || undefined : undefined,
    guarded: true,
  }
}

/**
 * Which of the parents is gone, as a reason to stop. None while all of them run, and if the system
 * does not say.
 */
export const orphanReason = ({ parent, grandparent, guarded }: Parents): O.Option<string> => {
  if (parent === undefined) return O.none
  if (process.ppid !== parent)
    return O.some(`the ${guarded ? 'guardian' : 'host'} that started this plugin is gone`)
  if (grandparent === undefined) return O.none
  const stat = statOf(parent)
  return O.isSome(stat) && stat.value.parent !== grandparent
    ? O.some('the host that started this plugin is gone')
    : O.none
}

/**
 * Calls `onOrphaned` once, with the reason, within two seconds after the host or the guardian
 * ended. Its timer does not keep the process alive.
 */
export const watchParents = (parents: Parents, onOrphaned: (reason: string) => void): void => {
  if (parents.parent === undefined) return
  const check = (): void => {
    const reason = orphanReason(parents)
    if (O.isNone(reason)) return
    clearInterval(timer)
    onOrphaned(reason.value)
  }
  const timer = setInterval(check, CHECK_EVERY)
  timer.unref()
  check()
}
