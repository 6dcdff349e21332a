import type { Either, Right } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { PluginContext } from '../domain/context.js'
import { isPlain } from '../domain/json/loss-kinds.js'
import { isPending, type Outcome } from '../domain/outcome.js'
import {
  internalError,
  isMadeError,
  type PluginError,
  toPluginError,
} from '../domain/plugin-error.js'
import type { Program, Step } from '../domain/program.js'

/**
 * A method as a step. Its result may be a value, a promise, an `Either`, a `TaskEither` or a
 * `ReaderTaskEither`. What it throws or rejects with becomes the left side, and so does an error
 * that it returns.
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
    ? E.left(notRun('a promise of a function, which is not run'))
    : eitherOf(value)

const notRun = (what: string): PluginError =>
  internalError(`the handler returned ${what}: await the program, or return it as it is`)

/** An error is one whichever way it is returned. */
const eitherOf = (value: unknown): Either<PluginError, unknown> => {
  if (typeof value !== 'object' || value === null) return E.right(value)
  if (!isPlain(value) && value instanceof Error) return E.left(toPluginError(value))
  if (!('_tag' in value)) return E.right(value)
  if (!isEither(value)) return isMadeError(value) ? E.left(value) : E.right(value)
  return value._tag === 'Left' ? E.left(toPluginError(value.left)) : rightOf(value)
}

/** What is nested on the right side is not run and not awaited either. */
const rightOf = (right: Right<unknown>): Either<PluginError, unknown> => {
  const { right: value } = right
  if (typeof value === 'function')
    return E.left(notRun('a function on the right side of an Either, which is not run'))
  if (typeof value !== 'object' || value === null) return right
  if (isPending(value))
    return E.left(notRun('a promise on the right side of an Either, which is not awaited'))
  if (isEither(value))
    return E.left(internalError('the handler returned an Either of an Either: flatten it'))
  return value instanceof Error || isMadeError(value) ? E.left(toPluginError(value)) : right
}

/** Exactly what fp-ts makes, so that data with a `_tag` stays data. */
const isEither = (u: object): u is Either<unknown, unknown> =>
  '_tag' in u &&
  ((u._tag === 'Left' && 'left' in u && hasTwoKeys(u)) ||
    (u._tag === 'Right' && 'right' in u && hasTwoKeys(u)))

const hasTwoKeys = (u: object): boolean => Object.keys(u).length === 2
