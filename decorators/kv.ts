import type * as t from 'io-ts'
import { type KvHandlerDecorator, noteOnMethod } from './method-decorator.js'

/** See {@link Kv}. */
export interface KvDecorator {
  (key: string): KvHandlerDecorator<string>
  <A>(key: string, codec: t.Type<A, unknown, unknown>): KvHandlerDecorator<A>
}

/**
 * Answers `kv` messages for one key, or with `@Kv('prefix/*')` for every key that begins with
 * `prefix/`. The exact key takes precedence over the longest prefix. The plugin's own store serves
 * all other keys.
 *
 * With a codec, the handler gets the value of a `set` decoded, and a value that does not fit is
 * refused. The codec decodes the text itself, or else the text as JSON, so `t.literal('dark')`
 * takes `dark` and `t.number` takes `42`. For a `get`, the handler returns the value, an `Option`
 * of it, or nothing.
 */
export const Kv: KvDecorator = (key: string, codec?: t.Mixed) =>
  noteOnMethod({ _tag: 'Kv', key, codec })
