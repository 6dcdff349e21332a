import type { PluginContext } from '../lib/domain/context.js'
import type { PluginMetadata } from '../lib/domain/metadata.js'
import type { PluginOptions } from '../lib/domain/plugin-definition.js'
import { addClassNote } from '../lib/reflect/notes.js'

/** The type of `ctx.config` that one of these parameters wants. */
type WantedConfig<Parameter> = Parameter extends PluginContext<infer D> ? D : never

/** The names of the public methods of `T` that want a `ctx.config` of another type than `C`. */
type Misfits<T, C> = {
  [K in keyof T]: T[K] extends (...args: infer Args) => unknown
    ? [C] extends [WantedConfig<Args[number]>]
      ? never
      : TakesNone<Args, K>
    : never
}[keyof T]

/** A method without a context wants no configuration. */
type TakesNone<Args extends ReadonlyArray<unknown>, K> = [WantedConfig<Args[number]>] extends [
  never,
]
  ? never
  : K

type ConfigFits<T, C> = [Misfits<T, C>] extends [never]
  ? unknown
  : {
      readonly 'these handlers want a ctx.config that the config codec does not give': Misfits<T, C>
    }

/** See {@link Plugin}. */
export type PluginDecorator<C> = <T extends abstract new (...args: never) => object>(
  target: T & ConfigFits<InstanceType<T>, C>,
  context?: ClassDecoratorContext<T>,
) => void

/**
 * Makes a class a plugin: its metadata, as the host reads it, and its options. What is wrong with
 * either is found by `registerPlugin`.
 *
 * @example
 * @Plugin({ id: 'notes', name: 'Notes', version: '1.0.0', icon: '🗒️', route: '/notes' })
 * class Notes {}
 */
export const Plugin =
  <C = unknown>(metadata: PluginMetadata, options: PluginOptions<C> = {}): PluginDecorator<C> =>
  (target, context) =>
    addClassNote({ _tag: 'Plugin', definition: { metadata, options } }, target, context)
