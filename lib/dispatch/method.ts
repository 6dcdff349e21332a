import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { PluginContext } from '../domain/context.js'
import { isPending, type Outcome } from '../domain/outcome.js'
import { internalError, type PluginError, toPluginError } from '../domain/plugin-error.js'
import type { Program, Step } from '../domain/program.js'

/**
 * A method as a step. Its result may be a value, a promise, an `Either`, a `TaskEither` or a
 * `ReaderTaskEither`. What it throws or rejects with becomes the left side.
 */
export const methodStep =
  <A>(method: (input: A, ctx: PluginContext) => unknown): Step<PluginContext, A, unknown> =>
  (input, ctx) => {
    try {
      return outcomeOf(method(input, ctx), ctx)
    } catch (thrown) {
      return E.left(toPluginError(thrown))
    }
  }

/** The same for a method that takes only the context. */
export const methodProgram = (
  method: (ctx: PluginContext) => unknown,
): Program<PluginContext, unknown> => {
  const step = methodStep(method)
  return ctx => step(ctx, ctx)
}

/** A result that is there at once stays so: a synchronous handler costs no promise. */
const outcomeOf = (returned: unknown, ctx: PluginContext): Outcome<unknown> => {
  let result = returned
  // A ReaderTaskEither is a function that returns a function, a TaskEither one that returns a
  // promise.
  for (let calls = 0; typeof result === 'function' && calls < 2; calls++) result = result(ctx)
  if (typeof result === 'function')
    return E.left(internalError('the handler returned a function that is no TaskEither'))
  return isPending(result)
    ? Promise.resolve(result).then(awaited, reason => E.left(toPluginError(reason)))
    : eitherOf(result)
}

/**
 * A program inside a promise has not been run. If it counted as data, its work would silently not
 * be done.
 */
const awaited = (value: unknown): Either<PluginError, unknown> =>
  typeof value === 'function'
    ? E.left(
        internalError(
          'the handler returned a promise of a function, which is not run: await the program, or return it as it is',
        ),
      )
    : eitherOf(value)

const eitherOf = (value: unknown): Either<PluginError, unknown> => {
  if (!isEither(value)) return E.right(value)
  return value._tag === 'Right' ? value : E.left(toPluginError(value.left))
}

/** Exactly what fp-ts makes, so that data with a `_tag` stays data. */
const isEither = (u: unknown): u is Either<unknown, unknown> => {
  if (typeof u !== 'object' || u === null || !('_tag' in u)) return false
  return (
    (u._tag === 'Left' && 'left' in u && hasTwoKeys(u)) ||
    (u._tag === 'Right' && 'right' in u && hasTwoKeys(u))
  )
}

const hasTwoKeys = (u: object): boolean => Object.keys(u).length === 2
