import type { Answerable, AnswerableAs, KvAnswerable } from '../lib/domain/answerable.js'
import type { PluginContext } from '../lib/domain/context.js'
import type { KvOperation } from '../lib/domain/kv.js'
import { addMethodNote, type MethodNote } from '../lib/reflect/notes.js'

/**
 * A decorator for methods that take `Input` and the plugin's context, under standard decorators and
 * under `experimentalDecorators`. A method that returns what cannot be answered, or what is not the
 * `Answer` of its route, does not compile, and the error says why.
 */
export interface HandlerDecorator<Input, Answer = unknown> {
  <This, F extends (this: This, input: Input, ctx: PluginContext<never>) => unknown>(
    method: F & AnswerableAs<F, Answer>,
    context: ClassMethodDecoratorContext<This, F>,
  ): void
  <F extends (input: Input, ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F & AnswerableAs<F, Answer>>,
  ): void
}

/**
 * A decorator for methods that take a KV operation on values of type `A`, and the plugin's context.
 */
export interface KvHandlerDecorator<A> {
  <This, F extends (this: This, operation: KvOperation<A>, ctx: PluginContext<never>) => unknown>(
    method: F & KvAnswerable<F, A>,
    context: ClassMethodDecoratorContext<This, F>,
  ): void
  <F extends (operation: KvOperation<A>, ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F & KvAnswerable<F, A>>,
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
  (
    target: object,
    memberOrContext: string | symbol | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void =>
    addMethodNote(note, target, memberOrContext, descriptor)
