import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { PluginContext } from '../domain/context.js'
import * as Oc from '../domain/outcome.js'
import { causeField, type PluginError } from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import type { Method } from '../reflect/declaration.js'
import { methodProgram } from './method.js'

/** How far the methods with `@OnInit` came. */
export type Progress =
  | { readonly _tag: 'Done' }
  | { readonly _tag: 'Failed'; readonly hook: number; readonly error: PluginError }

const DONE: Progress = { _tag: 'Done' }

/** Runs the methods with `@OnInit` one after the other, from a position on, until one fails. */
export const initProgram = (
  hooks: ReadonlyArray<Method>,
): ((from: number) => P.Program<PluginContext, Progress>) => {
  const programs = hooks.map(({ call }, hook) =>
    pipe(
      methodProgram(call),
      P.match(
        (error): Progress => ({ _tag: 'Failed', hook, error }),
        () => DONE,
      ),
    ),
  )
  return from =>
    programs.slice(from).reduce(
      (before, hook) =>
        pipe(
          before,
          P.chainStep((progress, ctx) =>
            progress._tag === 'Failed' ? E.right(progress) : Oc.attempt(() => hook(ctx)),
          ),
        ),
      P.of<PluginContext, Progress>(DONE),
    )
}

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
