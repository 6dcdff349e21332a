import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Logger, PluginContext } from '../domain/context.js'
import { andThen, type Outcome } from '../domain/outcome.js'
import { notInitialized, type PluginError } from '../domain/plugin-error.js'
import type { Hook } from '../reflect/declaration.js'
import { called } from './returned.js'

/** Where a plugin is on its way from its start to its first answer. */
type State =
  | { readonly _tag: 'Waiting' }
  /** `@OnInit` runs; `instanceId` is the latest that was heard of. */
  | {
      readonly _tag: 'Running'
      readonly done: Promise<Either<PluginError, PluginContext>>
      readonly instanceId: Option<string>
    }
  | {
      readonly _tag: 'Ready'
      readonly context: PluginContext
      readonly answer: Either<never, PluginContext>
    }
  | { readonly _tag: 'Failed'; readonly error: PluginError }

/** Brings a plugin from its start to its first answer. */
export interface Lifecycle {
  /**
   * The context, at once where `@OnInit` has run. Starts it where nothing has; left while it has
   * failed.
   */
  readonly ready: () => Outcome<PluginContext>
  /**
   * An `init` message: starts `@OnInit`, tries it again where it has failed, and else only tells
   * the context the instance's id.
   */
  readonly init: (instanceId: Option<string>) => void
  /**
   * The context that `@OnInit` was given, if it has been started, and once it has ended: what
   * `@OnShutdown` may have to clean up after.
   */
  readonly started: () => Promise<Option<PluginContext>>
  /** Why `@OnInit` has failed; none where it has not. */
  readonly failure: () => Option<PluginError>
}

/**
 * `@OnInit` runs once, and `onReady` is called when it has succeeded. What comes first starts it:
 * an `init`, a request, or the shell when no `init` came in time. The state is the only thing here
 * that changes, and every change stands in this function.
 */
export const makeLifecycle = (
  hooks: ReadonlyArray<Hook>,
  contextOf: (instanceId: Option<string>) => PluginContext,
  log: Logger,
  onReady: () => void = () => undefined,
): Lifecycle => {
  let state: State = { _tag: 'Waiting' }

  const start = (instanceId: Option<string>): Outcome<PluginContext> => {
    const context = contextOf(instanceId)
    const outcome = inOrder(hooks, context)
    if (!(outcome instanceof Promise)) return ended(outcome, instanceId)
    const done = outcome.then(result =>
      ended(result, state._tag === 'Running' ? state.instanceId : instanceId),
    )
    state = { _tag: 'Running', done, instanceId }
    return done
  }

  const ended = (
    result: Either<PluginError, unknown>,
    instanceId: Option<string>,
  ): Either<PluginError, PluginContext> => {
    if (E.isRight(result)) {
      const ready = readyWith(contextOf(instanceId))
      state = ready
      onReady()
      return ready.answer
    }
    state = { _tag: 'Failed', error: result.left }
    const { message, cause } = result.left
    log.error(
      cause === undefined ? {} : { error: cause },
      `@OnInit failed: ${message}; requests get 503 until an init succeeds`,
    )
    return NOT_READY
  }

  return {
    failure: () => (state._tag === 'Failed' ? O.some(state.error) : O.none),
    ready: () => {
      if (state._tag === 'Ready') return state.answer
      if (state._tag === 'Running') return state.done
      return state._tag === 'Failed' ? NOT_READY : start(contextOf(O.none).instanceId)
    },
    init: instanceId => {
      if (state._tag === 'Ready') state = readyWith(contextOf(instanceId))
      else if (state._tag === 'Running') state = { ...state, instanceId }
      else start(instanceId)
    },
    started: async () => {
      if (state._tag === 'Waiting') return O.none
      if (state._tag === 'Running') await state.done
      return O.some(state._tag === 'Ready' ? state.context : contextOf(O.none))
    },
  }
}

/** The answer of `ready` is made once: every request asks for it. */
const readyWith = (context: PluginContext) =>
  ({ _tag: 'Ready', context, answer: E.right(context) }) as const

const NOT_READY = E.left(
  notInitialized('the plugin is not ready: its @OnInit failed; its log has the reason'),
)

/** One hook after the other, until one fails. */
const inOrder = (hooks: ReadonlyArray<Hook>, context: PluginContext): Outcome<unknown> =>
  hooks.reduce<Outcome<unknown>>(
    (before, hook) =>
      andThen(before, result =>
        E.isLeft(result) ? result : called(context, () => hook.call(context)),
      ),
    E.right(undefined),
  )

/** Runs `@OnShutdown`, every one of them whatever becomes of the others, and logs what failed. */
export const shutdownProgram =
  (hooks: ReadonlyArray<Hook>) =>
  (context: PluginContext): Promise<void> =>
    Promise.all(hooks.map(hook => called(context, () => hook.call(context)))).then(results => {
      for (const result of results) {
        if (E.isLeft(result))
          context.log.error(
            result.left.cause === undefined ? {} : { error: result.left.cause },
            `@OnShutdown failed: ${result.left.message}`,
          )
      }
    })
