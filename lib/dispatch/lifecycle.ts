import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Clock } from '../domain/clock.js'
import type { Logger, PluginContext } from '../domain/context.js'
import type { Outcome } from '../domain/outcome.js'
import * as Oc from '../domain/outcome.js'
import { causeField, type PluginError } from '../domain/plugin-error.js'
import type { Method } from '../reflect/declaration.js'
import { initProgram } from './hooks.js'
import {
  type ContextOf,
  type Failed,
  outcomeOf,
  retryDelay,
  type State,
  step,
} from './lifecycle-state.js'

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
  /** A further attempt is made only if somebody asks. */
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
  readonly contextOf: ContextOf
  readonly log: Logger
  readonly clock: Clock
  /** Called before the first of the hooks runs. */
  readonly beforeInit?: () => void
}

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
  let isStopped = false

  const start = (instanceId: Option<string>): Outcome<PluginContext> => {
    cancelRetry()
    beforeInit()
    const { hook, attempts } = state._tag === 'Failed' ? state : { hook: 0, attempts: 0 }
    const done = pipe(
      run(hook)(contextOf(instanceId)),
      Oc.chain(progress =>
        progress._tag === 'Done'
          ? succeeded(instanceId, attempts + 1)
          : failed({ ...progress, instanceId, attempts: attempts + 1 }),
      ),
    )
    if (done instanceof Promise) state = next(state, { _tag: 'Started', instanceId, done })
    return done
  }

  const succeeded = (instanceId: Option<string>, attempts: number): Outcome<PluginContext> => {
    state = next(state, { _tag: 'Succeeded', instanceId })
    if (attempts > 1) log.info(`@OnInit has succeeded, at attempt ${attempts}`)
    for (const listener of listeners) listener()
    return ready()
  }

  const failed = (attempt: Omit<Failed, 'retryAt'>): Outcome<PluginContext> => {
    const delay = retryDelay(attempt.attempts)
    state = next(state, { ...attempt, retryAt: clock.now() + delay })
    if (!isStopped) cancelRetry = clock.after(delay, retry)
    log.error(
      causeField(attempt.error),
      `@OnInit failed: ${attempt.error.message}; requests get 503, and it is tried again in ${delay / 1_000} s`,
    )
    return ready()
  }

  /** A timer of Node.js may fire before its time by the clock: this asks for no time. */
  const retry = (): void => {
    if (state._tag === 'Failed') start(state.instanceId)
  }

  const ready = (): Outcome<PluginContext> => {
    // Every request asks: nearly all of them need neither the time nor an Option.
    if (state._tag === 'Ready') return state.answer
    return pipe(
      outcomeOf(state, clock.now()),
      O.getOrElse(() => start(state._tag === 'Failed' ? state.instanceId : O.none)),
    )
  }

  return {
    ready,
    init: instanceId => {
      if (state._tag === 'Waiting' || state._tag === 'Failed') start(instanceId)
      else state = next(state, { _tag: 'Named', instanceId })
    },
    onReady: f => void listeners.push(f),
    stop: () => {
      isStopped = true
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
