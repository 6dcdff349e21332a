import type { Middleware } from '../lib/domain/handler.js'
import { addClassNote } from '../lib/reflect/notes.js'
import { noteOnMethod } from './method-decorator.js'

/** See {@link Use}. */
export interface UseDecorator {
  (target: abstract new (...args: never) => object, context?: ClassDecoratorContext): void
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void
  (target: object, member: string | symbol, descriptor: PropertyDescriptor): void
}

/**
 * Puts a middleware around a route, or on a class around all its routes and the requests that have
 * no route. The middleware of the class runs outside that of a method. Of several, the first one is
 * the outermost.
 */
export const Use =
  (middleware: Middleware): UseDecorator =>
  (
    target: object,
    memberOrContext?: string | symbol | ClassDecoratorContext | ClassMethodDecoratorContext,
    descriptor?: PropertyDescriptor,
  ): void =>
    isOnMethod(memberOrContext)
      ? noteOnMethod({ _tag: 'Use', middleware })(target, memberOrContext, descriptor)
      : addClassNote({ _tag: 'Use', middleware }, target, memberOrContext)

const isOnMethod = (
  context: string | symbol | ClassDecoratorContext | ClassMethodDecoratorContext | undefined,
): context is string | symbol | ClassMethodDecoratorContext =>
  context !== undefined && (typeof context !== 'object' || context.kind !== 'class')
