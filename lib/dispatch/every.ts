import { pipe } from 'fp-ts/lib/function.js'
import type { Eventual } from '../domain/outcome.js'
import { causeField } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { Handler } from '../reflect/declaration.js'
import { type Capabilities, type Environment, ready } from './capabilities.js'
import { methodProgram } from './method.js'

/** The methods that run in the background. */
export interface Background {
  /** Starts the intervals. Further calls do nothing. */
  readonly start: () => void
  /** Starts no more runs. A run that has started goes on. */
  readonly stop: () => void
  /** The runs that have not ended. */
  readonly runs: ReadonlySet<Promise<void>>
}

/** One run of a method. An error goes to the log. */
const everyProgram = ({
  handlerName,
  interval,
  call,
}: Handler<'Every'>): ((r: Environment) => Eventual<void>) => {
  const method = methodProgram(call)
  return pipe(
    ready,
    P.chainStep(ctx => method(ctx)),
    P.match(
      (error, { capabilities }) =>
        capabilities.log.error(
          causeField(error),
          `${handlerName}, every ${interval}, failed: ${error.message}`,
        ),
      () => undefined,
    ),
  )
}

/** Runs every method at its interval, on the given clock. */
export const makeBackground = (
  recurring: ReadonlyArray<Handler<'Every'>>,
  capabilities: Capabilities,
): Background => {
  const { clock } = capabilities
  const waiting = new Map<Handler<'Every'>, () => void>()
  const runs = new Set<Promise<void>>()
  let state: 'new' | 'running' | 'stopped' = 'new'

  const begin = (method: Handler<'Every'>): void => {
    const run = everyProgram(method)
    const schedule = (ms: number): void => {
      if (state === 'running') waiting.set(method, clock.after(ms, once))
    }
    const once = (): void => {
      const begun = clock.now()
      const ended = (): void => schedule(method.ms - ((clock.now() - begun) % method.ms))
      const running = run({ capabilities })
      if (!(running instanceof Promise)) return ended()
      runs.add(running)
      running.then(() => {
        runs.delete(running)
        ended()
      })
    }
    schedule(method.ms)
  }

  return {
    runs,
    start: () => {
      if (state !== 'new') return
      state = 'running'
      for (const method of recurring) begin(method)
    },
    stop: () => {
      state = 'stopped'
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
    },
  }
}
