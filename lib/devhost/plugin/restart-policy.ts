import type { ProcessEnd } from '../../plugin-process/spawn-process.js'
import type { RestartPolicy } from '../host-policy.js'

/**
 * The exit code of a plugin whose configuration does not fit: starting it again changes nothing
 * (sysexits' EX_CONFIG).
 */
const BAD_CONFIG = 78

/**
 * What is done about a plugin that died. `streak` counts the restarts in a row, this one included;
 * `why` is `null` where the way in which it ended says everything.
 */
export type Decision =
  | { readonly _tag: 'Restart'; readonly after: number; readonly streak: number }
  | { readonly _tag: 'GiveUp'; readonly why: string | null }

/** The end of a process that nobody has asked for. */
export interface Death {
  /** How many restarts in a row came before it. */
  readonly streak: number
  /** How long the process ran, in milliseconds. */
  readonly lived: number
  readonly end: ProcessEnd
}

/** Decides about a plugin that died without having been asked to end. */
export const afterDeath = (
  { delays, healthyAfter }: RestartPolicy,
  { streak, lived, end: { code, error } }: Death,
): Decision => {
  if (error !== undefined) return { _tag: 'GiveUp', why: null }
  if (code === BAD_CONFIG) return { _tag: 'GiveUp', why: 'its configuration does not fit' }
  const before = lived >= healthyAfter ? 0 : streak
  const after = delays[before]
  return after === undefined
    ? { _tag: 'GiveUp', why: `it died ${before + 1} times in a row` }
    : { _tag: 'Restart', after, streak: before + 1 }
}
