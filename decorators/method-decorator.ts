import { annotateMethod, type MethodNote } from '../lib/domain/annotations.js'
import type { PluginContext } from '../lib/domain/context.js'
import type { Answerable } from '../lib/domain/handler.js'

/**
 * A decorator for methods that take `Input` and the plugin's context, under standard decorators and under `experimentalDecorators`.
 * `Check` is `unknown` for a method that fits, and otherwise a type that says what is wrong with what it returns.
 */
export interface HandlerDecorator<Input> {
  <This, F extends (this: This, input: Input, ctx: PluginContext<never>) => unknown>(
    method: F & Answerable<F>,
    context: ClassMethodDecoratorContext<This, F>,
  ): void
  <F extends (input: Input, ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F & Answerable<F>>,
  ): void
}

/** A decorator for methods that take the plugin's context alone. */
export interface LifecycleDecorator {
  <This, F extends (this: This, ctx: PluginContext<never>) => unknown>(
    method: F & Answerable<F>,
    context: ClassMethodDecoratorContext<This, F>,
  ): void
  <F extends (ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F & Answerable<F>>,
  ): void
}

/** What every method decorator does: it writes its note, whichever way the compiler calls it. */
export const noteOnMethod =
  (note: MethodNote) =>
  (target: object, memberOrContext: string | symbol | ClassMethodDecoratorContext, descriptor?: PropertyDescriptor): void =>
    annotateMethod(note, target, memberOrContext, descriptor)
