import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { PluginContext } from '../domain/context.js'
import type { Outcome } from '../domain/outcome.js'
import { notInitialized, type PluginError } from '../domain/plugin-error.js'

/** `@OnInit` has not started, runs (with the latest id of an `init`), has succeeded, or failed. */
export type State =
  | { readonly _tag: 'Waiting' }
  | { readonly _tag: 'Running'; readonly instanceId: Option<string>; readonly done: Done }
  | { readonly _tag: 'Ready'; readonly context: PluginContext; readonly answer: Answer }
  | Failed

/** An attempt that failed, and the next one. */
export interface Failed {
  readonly _tag: 'Failed'
  readonly error: PluginError
  readonly instanceId: Option<string>
  /** The position of the hook that failed: those before it have succeeded, and do not run again. */
  readonly hook: number
  /** How many attempts have failed. */
  readonly attempts: number
  /** When the next attempt is made, by the clock. */
  readonly retryAt: number
}

/** Makes the context of the instance with this id. */
export type ContextOf = (instanceId: Option<string>) => PluginContext

type Done = Promise<Either<PluginError, PluginContext>>
/** What `ready` yields to every request. */
type Answer = Either<never, PluginContext>

/** What happens to a lifecycle. */
export type Event =
  | { readonly _tag: 'Started'; readonly instanceId: Option<string>; readonly done: Done }
  | { readonly _tag: 'Succeeded'; readonly instanceId: Option<string> }
  | Failed
  | { readonly _tag: 'Named'; readonly instanceId: Option<string> }

/** The next state. Every change of a lifecycle stands here. */
export const step =
  (contextOf: ContextOf) =>
  (state: State, event: Event): State => {
    const readyAs = (instanceId: Option<string>): State => {
      const context = contextOf(instanceId)
      return { _tag: 'Ready', context, answer: E.right(context) }
    }
    const latestId = (instanceId: Option<string>): Option<string> =>
      state._tag === 'Running' ? state.instanceId : instanceId
    switch (event._tag) {
      case 'Started':
        return { ...event, _tag: 'Running' }
      case 'Succeeded':
        return readyAs(latestId(event.instanceId))
      case 'Failed':
        return { ...event, instanceId: latestId(event.instanceId) }
      case 'Named':
        if (state._tag === 'Ready') return readyAs(event.instanceId)
        return state._tag === 'Running' ? { ...state, instanceId: event.instanceId } : state
    }
  }

/** How long after the first failed attempt the next one is made, in milliseconds; then doubled. */
const FIRST_RETRY = 1_000
/** The longest wait between two attempts, in milliseconds. */
const LONGEST_RETRY = 60_000

/** How long after so many failed attempts the next one is made, in milliseconds. */
export const retryDelay = (attempts: number): number =>
  Math.min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)

/**
 * What requests get in a state; none if `@OnInit` is to be started: it never was, or its next
 * attempt is due.
 */
export const outcomeOf = (state: State, now: number): Option<Outcome<PluginContext>> => {
  switch (state._tag) {
    case 'Waiting':
      return O.none
    case 'Running':
      return O.some(state.done)
    case 'Ready':
      return O.some(state.answer)
    case 'Failed':
      return now < state.retryAt ? O.some(notReady(state, now)) : O.none
  }
}

/** The error of requests after a failure, with the seconds until the next attempt. */
export const notReady = ({ retryAt }: Failed, now: number): Either<PluginError, never> =>
  E.left({
    ...notInitialized('the plugin is not ready: its @OnInit failed; its log has the reason'),
    retryAfter: Math.max(1, Math.ceil((retryAt - now) / 1_000)),
  })
