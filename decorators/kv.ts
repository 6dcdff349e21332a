import type * as t from 'io-ts'
import { type KvHandlerDecorator, noteOnMethod } from './method-decorator.js'

/** See {@link Kv}. */
export interface KvDecorator {
  (key: string): KvHandlerDecorator<string>
  <A>(key: string, codec: t.Type<A, unknown, unknown>): KvHandlerDecorator<A>
}

/**
 * Answers `kv` messages for one key, or with `@Kv('prefix/*')` for every key that begins with
 * `prefix/`: the exact key goes before the longest prefix, and both before the plugin's own store,
 * which serves every other key.
 *
 * With a codec the value of a `set` reaches the handler decoded, and what does not fit is refused.
 * The text itself is tried first, then its JSON, so `t.literal('dark')` takes `dark` and `t.number`
 * takes `42`. A `get` returns the value, an `Option` of it, or nothing for none.
 */
export const Kv: KvDecorator = (key: string, codec?: t.Mixed) =>
  noteOnMethod({ _tag: 'Kv', key, codec })
