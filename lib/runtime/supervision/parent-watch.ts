import * as O from 'fp-ts/lib/Option.js'
import { isRunning } from '../../domain/is-running.js'
import { statOf } from './process-stat.js'

/** How often it is looked whether the host is still there, in milliseconds. */
const LOOK_EVERY = 1_000

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The processes that a plugin does not outlive. A host is not to blame for its end: whoever kills
 * it with -9 leaves its plugins running (docs/protocol.md#process-contract).
 */
export interface Parents {
  /**
   * Who started this process and must stay its parent: the guardian if there is one, otherwise the
   * host. None if the plugin was started by hand.
   */
  readonly parent: number | undefined
  /**
   * Who must stay the parent of the guardian: the host. None without a guardian, or if that was
   * started by hand.
   */
  readonly grandparent: number | undefined
  /** Whether `parent` is a guardian, which starts the plugin again. */
  readonly guarded: boolean
}

/**
 * Whom a plugin was started by. `TORU_PLUGIN_SOCKET` says that a host is behind it; `TORU_GUARDIAN`
 * and `TORU_GUARDIAN_PARENT` are process ids, from the guardian itself. A living guardian that is
 * not the parent is somebody else's: child processes inherit the environment.
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
 * Which of the processes is gone, as a reason to stop; none while all are there, and where the
 * system does not say.
 */
export const goneOf = ({ parent, grandparent, guarded }: Parents): O.Option<string> => {
  if (parent === undefined) return O.none
  if (process.ppid !== parent)
    return O.some(`the ${guarded ? 'guardian' : 'host'} that started this plugin is gone`)
  if (grandparent === undefined) return O.none
  const now = statOf(parent)
  return O.isSome(now) && now.value.parent !== grandparent
    ? O.some('the host that started this plugin is gone')
    : O.none
}

/**
 * Calls `onGone` once, with the reason, within two seconds of the end of the host or the guardian.
 * Keeps no process alive.
 */
export const watchParents = (parents: Parents, onGone: (reason: string) => void): void => {
  if (parents.parent === undefined) return
  const look = (): void => {
    const gone = goneOf(parents)
    if (O.isNone(gone)) return
    clearInterval(timer)
    onGone(gone.value)
  }
  const timer = setInterval(look, LOOK_EVERY)
  timer.unref()
  look()
}
