import type { KvVerdict, LifecycleVerdict, Verdict } from '../lib/domain/answerable.js'
import type { PluginContext } from '../lib/domain/context.js'
import type { KvOperation } from '../lib/domain/kv.js'
import type { MethodNote } from '../lib/reflect/note-kinds.js'
import { addMethodNote } from '../lib/reflect/notes.js'

/**
 * A decorator for methods that take `Input` and the plugin's context, both as a standard decorator
 * and under `experimentalDecorators`. A method whose result cannot be sent, or is not the `Answer`
 * of its route, does not compile, and the error says why.
 */
export interface HandlerDecorator<Input, Answer = unknown> {
  <This, R>(
    method: (this: This, input: Input, ctx: PluginContext<never>) => R,
    context: ClassMethodDecoratorContext<This>,
  ): Verdict<R, Answer>
  <F extends (input: Input, ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): Verdict<ReturnType<F>, Answer>
}

/**
 * A decorator for methods that take a KV operation on values of type `A`, and the plugin's context.
 */
export interface KvHandlerDecorator<A> {
  <This, R>(
    method: (this: This, operation: KvOperation<A>, ctx: PluginContext<never>) => R,
    context: ClassMethodDecoratorContext<This>,
  ): KvVerdict<R, A>
  <F extends (operation: KvOperation<A>, ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): KvVerdict<ReturnType<F>, A>
}

/** A decorator for methods that take only the plugin's context. */
export interface LifecycleDecorator {
  <This, R>(
    method: (this: This, ctx: PluginContext<never>) => R,
    context: ClassMethodDecoratorContext<This>,
  ): LifecycleVerdict<R>
  <F extends (ctx: PluginContext<never>) => unknown>(
    target: object,
    member: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): LifecycleVerdict<ReturnType<F>>
}

/** A method decorator that writes a note, under both kinds of decorators. */
export const noteOnMethod =
  (note: MethodNote) =>
  (
    target: object,
    memberOrContext: string | symbol | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void => {
    if (typeof memberOrContext === 'object') requireMetadata(memberOrContext)
    addMethodNote(note, target, memberOrContext, descriptor)
  }

/**
 * A standard decorator does not get the class, but the metadata object of the class. Without it a
 * note could only stand on each instance, where nothing tells which class it is from: the
 * middleware of an override could be lost.
 */
const requireMetadata = ({ name, metadata }: ClassMethodDecoratorContext): void => {
  if (metadata === undefined)
    throw new TypeError(
      `The decorator of ${String(name)} expected context.metadata, and this class was compiled without it. Compile it with TypeScript 5.2 or newer, a current esbuild or SWC, or Babel's "version": "2023-11"; or with experimentalDecorators`,
    )
}
