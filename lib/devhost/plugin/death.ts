import { E } from '../../fp.js'
import { endInWords } from '../../plugin-process/spawn-process.js'
import type { HostPolicy } from '../host-policy.js'
import { afterDeath } from './restart-policy.js'
import type { Command, Event, Service, State, Stepped, Tagged } from './supervision.js'
import { after, replyToStart, say } from './transitions.js'

/** The process that serves has died, and nobody has asked for it. */
export const died = (
  policy: HostPolicy,
  state: State,
  { end, lastWords, lived }: Tagged<Event, 'Ended'>,
): Stepped => {
  const how = endInWords(end)
  const becomes = (service: Service, streak: number, ...commands: ReadonlyArray<Command>) =>
    after(
      commands,
      replyToStart(
        { ...state, service, streak },
        E.chain(() => E.left(lastWords)),
      ),
    )
  if (policy.restarts === null)
    return becomes(
      { _tag: 'Unnoticed', reason: how },
      state.streak,
      say('error', `${lastWords}. Today's host does not start it again.`),
    )
  const decision = afterDeath(policy.restarts, { streak: state.streak, lived, end })
  switch (decision._tag) {
    case 'GiveUp': {
      const reason = decision.why === null ? how : `${decision.why}; ${lastWords}`
      return becomes(
        { _tag: 'Failed', reason },
        state.streak,
        say('error', `${reason}. It is not started again.`),
      )
    }
    case 'Restart': {
      const again = `started again in ${decision.after / 1_000} s`
      return becomes(
        { _tag: 'Restarting', reason: `${how}; it is ${again}` },
        decision.streak,
        say('error', `${lastWords}. It is ${again}.`),
        { _tag: 'SetTimer', ms: decision.after },
      )
    }
  }
}
