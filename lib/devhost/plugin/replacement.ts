import { E } from '../../fp.js'
import type { HostPolicy } from '../host-policy.js'
import { DONE, type Next, type State, type Stepped, type Tagged, type Work } from './supervision.js'
import { AT_HOST_START, KILL, notThere, stop, takeSteps } from './transitions.js'

/** A new version listens: it takes the place of the old one, which ends. */
export const replaced = (
  policy: HostPolicy,
  state: State,
  { process, version }: Tagged<Work, 'Replace'>,
): Stepped => {
  const { state: ending, commands } = stop(
    policy,
    state,
    { _tag: 'Running' },
    {
      _tag: 'Reply',
      outcome: DONE,
    },
  )
  return { state: { ...ending, version, process, restarts: 0, streak: 0 }, commands }
}

/** What follows when a new version does not start: the old one comes back, if it has ended. */
export const notReplaced = ({ oldEnded }: Tagged<Work, 'Replace'>, why: string): Next => {
  const outcome = E.left(`the new version does not start: ${why}`)
  return oldEnded ? { ...AT_HOST_START, outcome } : { _tag: 'Reply', outcome }
}

/** A new version does not listen in time: it is killed. */
export const killNew = (state: State, work: Tagged<Work, 'Replace'>, timeout: number): Stepped =>
  takeSteps(state, work.process, [KILL], notReplaced(work, notThere(timeout)))
