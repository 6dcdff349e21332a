import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Clock } from '../domain/clock.js'
import type { Logger, PluginContext } from '../domain/context.js'
import type { Outcome } from '../domain/outcome.js'
import * as Oc from '../domain/outcome.js'
import { causeField, notInitialized, type PluginError } from '../domain/plugin-error.js'
import type { Method } from '../reflect/declaration.js'
import { initProgram, type Progress } from './hooks.js'

/**
 * Runs `@OnInit` until it has succeeded once, and has the context for everything that comes after
 * it. After a failure it is tried again 1, 2, 4 … 60 s later, from the method that failed.
 */
export interface Lifecycle {
  /**
   * The context once `@OnInit` has succeeded; starts it if nothing has, or if a retry is due. Left
   * with the seconds until the next attempt after a failure.
   */
  readonly ready: () => Outcome<PluginContext>
  /** Takes the id of an `init`, and starts `@OnInit` if it has not run, or has failed. */
  readonly init: (instanceId: Option<string>) => void
  /** Has `f` called when `@OnInit` succeeds. */
  readonly onReady: (f: () => void) => void
  /** No further attempt is made. */
  readonly stop: () => void
  /** The context for `@OnShutdown`, once `@OnInit` has ended; none if it was never started. */
  readonly started: () => Promise<Option<PluginContext>>
  /** Why `@OnInit` failed. */
  readonly failure: () => Option<PluginError>
}

/** What a lifecycle needs. */
export interface LifecycleOptions {
  /** The methods with `@OnInit`. */
  readonly hooks: ReadonlyArray<Method>
  readonly contextOf: (instanceId: Option<string>) => PluginContext
  readonly log: Logger
  readonly clock: Clock
  /** Called before the first of the hooks runs. */
  readonly beforeInit?: () => void
}

/** `@OnInit` has not started, runs (with the latest id of an `init`), has succeeded, or failed. */
type State =
  | { readonly _tag: 'Waiting' }
  | { readonly _tag: 'Running'; readonly instanceId: Option<string>; readonly done: Done }
  | { readonly _tag: 'Ready'; readonly context: PluginContext; readonly answer: Answer }
  | Failed

/** An attempt that failed, and the next one. */
interface Failed {
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

type Done = Promise<Either<PluginError, PluginContext>>
/** What `ready` yields to every request. */
type Answer = Either<never, PluginContext>

type Event =
  | { readonly _tag: 'Started'; readonly instanceId: Option<string>; readonly done: Done }
  | { readonly _tag: 'Succeeded'; readonly instanceId: Option<string> }
  | Failed
  | { readonly _tag: 'Named'; readonly instanceId: Option<string> }

const step =
  (contextOf: LifecycleOptions['contextOf']) =>
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

const retryAfter = (attempts: number): number =>
  Math.min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)

/**
 * The first of these starts `@OnInit`: an `init`, a request, or the shell if no `init` comes in
 * time.
 */
export const makeLifecycle = (options: LifecycleOptions): Lifecycle => {
  const { hooks, contextOf, log, clock, beforeInit = () => undefined } = options
  const next = step(contextOf)
  const run = initProgram(hooks)
  const listeners: Array<() => void> = []
  let state: State = { _tag: 'Waiting' }
  let cancelRetry = (): void => undefined
  let stopped = false

  const start = (instanceId: Option<string>): Outcome<PluginContext> => {
    cancelRetry()
    beforeInit()
    const { hook, attempts } = state._tag === 'Failed' ? state : { hook: 0, attempts: 0 }
    const outcome = run(hook)(contextOf(instanceId))
    const end = Oc.chain((progress: Progress) => ended(progress, instanceId, attempts + 1))
    const done = end(outcome)
    if (done instanceof Promise) state = next(state, { _tag: 'Started', instanceId, done })
    return done
  }

  const ended = (
    progress: Progress,
    instanceId: Option<string>,
    attempts: number,
  ): Either<PluginError, PluginContext> => {
    if (progress._tag === 'Done') {
      state = next(state, { _tag: 'Succeeded', instanceId })
      if (attempts > 1) log.info(`@OnInit has succeeded, at attempt ${attempts}`)
      for (const listener of listeners) listener()
    } else {
      const { hook, error } = progress
      const wait = retryAfter(attempts)
      const retryAt = clock.now() + wait
      state = next(state, { _tag: 'Failed', error, instanceId, hook, attempts, retryAt })
      if (!stopped) cancelRetry = clock.after(wait, retry)
      log.error(
        causeField(error),
        `@OnInit failed: ${error.message}; requests get 503, and it is tried again in ${wait / 1_000} s`,
      )
    }
    return state._tag === 'Ready' ? state.answer : notReady(state, clock)
  }

  const retry = (): void => {
    if (state._tag === 'Failed') start(state.instanceId)
  }

  return {
    ready: () => {
      switch (state._tag) {
        case 'Waiting':
          return start(O.none)
        case 'Running':
          return state.done
        case 'Ready':
          return state.answer
        case 'Failed':
          return stopped || clock.now() < state.retryAt
            ? notReady(state, clock)
            : start(state.instanceId)
      }
    },
    init: instanceId => {
      if (state._tag === 'Waiting' || state._tag === 'Failed') start(instanceId)
      else state = next(state, { _tag: 'Named', instanceId })
    },
    onReady: f => void listeners.push(f),
    stop: () => {
      stopped = true
      cancelRetry()
    },
    started: async () => {
      if (state._tag === 'Waiting') return O.none
      if (state._tag === 'Running') await state.done
      return O.some(state._tag === 'Ready' ? state.context : contextOf(O.none))
    },
    failure: () => (state._tag === 'Failed' ? O.some(state.error) : O.none),
  }
}

/** The error of requests after a failure, with the seconds until the next attempt. */
const notReady = (state: State, clock: Clock): Either<PluginError, never> =>
  E.left({
    ...notInitialized('the plugin is not ready: its @OnInit failed; its log has the reason'),
    ...(state._tag === 'Failed'
      ? { retryAfter: Math.max(1, Math.ceil((state.retryAt - clock.now()) / 1_000)) }
      : {}),
  })
