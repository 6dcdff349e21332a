import type { Option } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import type { PluginError } from './plugin-error.js'

/**
 * A KV operation, as an `@Kv` handler gets it. `A` is the type of the handler's codec; without a
 * codec a value is the text on the wire.
 */
export type KvOperation<A = string> =
  | { readonly action: 'get'; readonly key: string }
  | { readonly action: 'set'; readonly key: string; readonly value: A }
  | { readonly action: 'delete'; readonly key: string }

/**
 * A key-value store. Keys and values are strings, as on the wire. Every operation is a
 * `TaskEither`: nothing happens before it is run, and errors are values.
 */
export interface KvStore {
  /** The value of a key, or none. */
  readonly get: (key: string) => TaskEither<PluginError, Option<string>>
  /** Stores a value under a key, and replaces an earlier one. */
  readonly set: (key: string, value: string) => TaskEither<PluginError, void>
  /** Removes a key. It is not an error if there is no such key. */
  readonly delete: (key: string) => TaskEither<PluginError, void>
  /**
   * The keys that begin with `prefix` (without a prefix: all keys), in ascending order of their
   * UTF-8 bytes.
   */
  readonly keys: (prefix?: string) => TaskEither<PluginError, ReadonlyArray<string>>
  /** The keys and values whose keys begin with `prefix`, in the order of `keys`. */
  readonly entries: (
    prefix?: string,
  ) => TaskEither<PluginError, ReadonlyArray<readonly [key: string, value: string]>>
  /**
   * Reads a key, computes its next value and stores it, atomically; none removes the key. Yields
   * the new value. `f` may run more than once, so it must be pure.
   */
  readonly update: (
    key: string,
    f: (current: Option<string>) => Option<string>,
  ) => TaskEither<PluginError, Option<string>>
  /** Removes every key of this plugin. */
  readonly clear: () => TaskEither<PluginError, void>
}

/**
 * A typed view of one key of a {@link KvStore}. A stored value that does not fit its codec is a
 * `Serialization` error that says where. So is a value, read or written, that is nested more than
 * 64 deep or holds more than 250,000 values. A value that JSON would change, or that the codec
 * could not read again, is not stored.
 */
export interface KvCell<A> {
  readonly get: TaskEither<PluginError, Option<A>>
  readonly getOrElse: (fallback: () => A) => TaskEither<PluginError, A>
  readonly set: (value: A) => TaskEither<PluginError, void>
  /** Atomic read-modify-write; `f` may run more than once. Yields the new value. */
  readonly update: (f: (current: Option<A>) => A) => TaskEither<PluginError, A>
  readonly delete: TaskEither<PluginError, void>
}

/**
 * A codec that a cell had in an older version of the plugin, and a function that makes a value of
 * today of one of then. The function must be pure.
 */
export type Earlier<A, Old = unknown> = readonly [
  codec: t.Type<Old, unknown, unknown>,
  // Compared as a method is, so that cells of different versions fit into one list.
  carry: { carry(old: Old): A }['carry'],
]

/** What a cell may have besides its key and its codec. */
export interface CellOptions<A, Olds extends ReadonlyArray<unknown> = ReadonlyArray<unknown>> {
  /**
   * The older codecs. A stored value that does not fit the codec, but one of these, is carried over
   * when it is read; the first that fits counts. What was stored is kept, so that a plugin that is
   * rolled back finds it again.
   */
  readonly before?: { readonly [I in keyof Olds]: Earlier<A, Olds[I]> }
}

/** The plugin's own store, as `ctx.kv`. */
export interface Kv extends KvStore {
  /**
   * A typed view of one key, stored as JSON.
   *
   * @example
   * ctx.kv.cell('visits', Visits, { before: [[t.number, count => ({ count, last: null })]] })
   */
  readonly cell: <A, Olds extends ReadonlyArray<unknown> = readonly []>(
    key: string,
    codec: t.Type<A, unknown, unknown>,
    options?: CellOptions<A, Olds>,
  ) => KvCell<A>
}
