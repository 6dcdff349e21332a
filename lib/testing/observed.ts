import * as E from 'fp-ts/lib/Either.js'
import type { Hook, RouteTable } from '../dispatch/route-table.js'
import type { Outcome } from '../domain/outcome.js'
import type { PluginError } from '../domain/plugin-error.js'

/** What a plugin declares, and what a test learns of the methods that answer nobody. */
export interface Observed {
  readonly table: RouteTable
  /** The runs of `@Every` that have not ended. */
  readonly runs: ReadonlySet<Promise<unknown>>
  /** Why `@OnInit` failed the last time. */
  readonly initFailure: () => PluginError | undefined
}

/**
 * A route table whose background methods and `@OnInit` can be followed. What they do is the same.
 */
export const observed = (table: RouteTable): Observed => {
  const runs = new Set<Promise<unknown>>()
  let failure: PluginError | undefined
  const every = table.every.map(method => following(method, outcome => follow(runs, outcome)))
  const onInit = table.onInit.map(hook =>
    following(hook, outcome => {
      const note = (result: E.Either<PluginError, unknown>): void => {
        failure = E.isLeft(result) ? result.left : failure
      }
      if (outcome instanceof Promise) outcome.then(note)
      else note(outcome)
    }),
  )
  return { table: { ...table, every, onInit }, runs, initFailure: () => failure }
}

const following = <H extends Hook>(hook: H, look: (outcome: Outcome<unknown>) => void): H => ({
  ...hook,
  call: ctx => {
    const outcome = hook.call(ctx)
    look(outcome)
    return outcome
  },
})

const follow = (runs: Set<Promise<unknown>>, outcome: Outcome<unknown>): void => {
  if (!(outcome instanceof Promise)) return
  runs.add(outcome)
  outcome.then(() => runs.delete(outcome))
}
