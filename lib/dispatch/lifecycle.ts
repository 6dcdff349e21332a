import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Logger, PluginContext } from '../domain/context.js'
import type { Outcome } from '../domain/outcome.js'
import { causeField, notInitialized, type PluginError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { Method } from '../reflect/declaration.js'
import { methodProgram } from './method.js'

/** Runs `@OnInit` once, and has the context for everything that comes after it. */
export interface Lifecycle {
  /** The context once `@OnInit` has succeeded; starts it if nothing has. Left after a failure. */
  readonly ready: () => Outcome<PluginContext>
  /** Takes the id of an `init`, and starts `@OnInit` if it has not run, or has failed. */
  readonly init: (instanceId: Option<string>) => void
  /** Has `f` called when `@OnInit` succeeds. */
  readonly onReady: (f: () => void) => void
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
  /** Called before the first of the hooks runs. */
  readonly beforeInit?: () => void
}

/** `@OnInit` has not started, runs (with the latest id of an `init`), has succeeded, or failed. */
type State =
  | { readonly _tag: 'Waiting' }
  | { readonly _tag: 'Running'; readonly instanceId: Option<string>; readonly done: Done }
  | { readonly _tag: 'Ready'; readonly context: PluginContext; readonly answer: Answer }
  | { readonly _tag: 'Failed'; readonly error: PluginError }

type Done = Promise<Either<PluginError, PluginContext>>
/** What `ready` yields to every request. */
type Answer = Either<never, PluginContext>

type Event =
  | { readonly _tag: 'Started'; readonly instanceId: Option<string>; readonly done: Done }
  | { readonly _tag: 'Succeeded'; readonly instanceId: Option<string> }
  | { readonly _tag: 'Failed'; readonly error: PluginError }
  | { readonly _tag: 'Named'; readonly instanceId: Option<string> }

const step =
  (contextOf: LifecycleOptions['contextOf']) =>
  (state: State, event: Event): State => {
    const readyAs = (instanceId: Option<string>): State => {
      const context = contextOf(instanceId)
      return { _tag: 'Ready', context, answer: E.right(context) }
    }
    switch (event._tag) {
      case 'Started':
        return { ...event, _tag: 'Running' }
      case 'Succeeded':
        return readyAs(state._tag === 'Running' ? state.instanceId : event.instanceId)
      case 'Failed':
        return event
      case 'Named':
        if (state._tag === 'Ready') return readyAs(event.instanceId)
        return state._tag === 'Running' ? { ...state, instanceId: event.instanceId } : state
    }
  }

/**
 * The first of these starts `@OnInit`: an `init`, a request, or the shell if no `init` comes in
 * time.
 */
export const makeLifecycle = (options: LifecycleOptions): Lifecycle => {
  const { hooks, contextOf, log, beforeInit = () => undefined } = options
  const next = step(contextOf)
  const run = initProgram(hooks)
  const listeners: Array<() => void> = []
  let state: State = { _tag: 'Waiting' }

  const start = (instanceId: Option<string>): Outcome<PluginContext> => {
    beforeInit()
    const outcome = run(contextOf(instanceId))
    if (!(outcome instanceof Promise)) return end(outcome, instanceId)
    const done = outcome.then(result => end(result, instanceId))
    state = next(state, { _tag: 'Started', instanceId, done })
    return done
  }

  const end = (
    result: Either<PluginError, unknown>,
    instanceId: Option<string>,
  ): Either<PluginError, PluginContext> => {
    if (E.isRight(result)) {
      state = next(state, { _tag: 'Succeeded', instanceId })
      for (const listener of listeners) listener()
    } else {
      state = next(state, { _tag: 'Failed', error: result.left })
      log.error(
        causeField(result.left),
        `@OnInit failed: ${result.left.message}; requests get 503 until an init succeeds`,
      )
    }
    return state._tag === 'Ready' ? state.answer : NOT_READY
  }

  return {
    ready: () => outcomeOf(state) ?? start(O.none),
    init: instanceId => {
      if (state._tag === 'Waiting' || state._tag === 'Failed') start(instanceId)
      else state = next(state, { _tag: 'Named', instanceId })
    },
    onReady: f => void listeners.push(f),
    started: async () => {
      if (state._tag === 'Waiting') return O.none
      if (state._tag === 'Running') await state.done
      return O.some(state._tag === 'Ready' ? state.context : contextOf(O.none))
    },
    failure: () => (state._tag === 'Failed' ? O.some(state.error) : O.none),
  }
}

/** What `ready` yields in a state; `undefined` if it starts `@OnInit`. */
const outcomeOf = (state: State): Outcome<PluginContext> | undefined => {
  switch (state._tag) {
    case 'Waiting':
      return undefined
    case 'Running':
      return state.done
    case 'Ready':
      return state.answer
    case 'Failed':
      return NOT_READY
  }
}

const NOT_READY = E.left(
  notInitialized('the plugin is not ready: its @OnInit failed; its log has the reason'),
)

/** Runs one hook after the other, until one fails. */
const initProgram = (hooks: ReadonlyArray<Method>): P.Program<PluginContext, unknown> =>
  hooks
    .map(({ call }) => methodProgram(call))
    .reduce(
      (before, hook) =>
        pipe(
          before,
          P.chainStep((_done, ctx) => hook(ctx)),
        ),
      P.of<PluginContext, unknown>(undefined),
    )

/** Runs every `@OnShutdown`, even if others fail, and logs the errors. */
export const shutdownProgram = (
  hooks: ReadonlyArray<Method>,
): ((context: PluginContext) => Promise<void>) => {
  const programs = hooks.map(({ call }) => methodProgram(call))
  return async context => {
    const results = await Promise.all(programs.map(program => program(context)))
    for (const result of results) {
      if (E.isLeft(result))
        context.log.error(causeField(result.left), `@OnShutdown failed: ${result.left.message}`)
    }
  }
}
