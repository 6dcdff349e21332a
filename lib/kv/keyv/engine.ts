/**
 * What {@link keyvKv} needs of a `Keyv`; a `new Keyv(…)` of `keyv@^5` is one. It is written out
 * here, because an author who uses another store need not have the package, nor its types.
 */
export interface KeyvLike {
  readonly store: KeyvAdapter | Map<unknown, unknown>
  readonly namespace?: string | undefined
  readonly ttl?: number | undefined
  serializeData(data: { readonly value: string }): Promise<unknown>
  deserializeData(data: string): Promise<{ readonly value?: unknown } | undefined>
  disconnect(): Promise<void>
}

/** The methods that every adapter has. */
export interface KeyvAdapter {
  get(key: string): unknown
  set(key: string, text: string): unknown
  delete(key: string): unknown
}

/**
 * Stores `next` under a key of the engine if what is stored there is still `expected`, in one step
 * that nobody can come between, and yields whether it did. `undefined` stands for no value:
 * expected, the key is missing; as `next`, the key is removed. The texts are those that the adapter
 * stores, and `key` is the key as the adapter has it. `signal` is aborted at the deadline. A
 * rejection is an `Io` error.
 *
 * It must not be tried again after a connection was lost: a second try cannot tell its own first
 * one from the write of another process.
 */
export type CompareAndSet = (
  key: string,
  expected: string | undefined,
  next: string | undefined,
  signal: AbortSignal,
) => Promise<boolean>

/**
 * The engine behind a Keyv: texts under keys, both as they are stored. What fails rejects, with a
 * `PluginError` or with the engine's own error. Nothing is begun with a `signal` that is aborted
 * already.
 */
export interface KeyvEngine {
  /** What error messages call it. */
  readonly name: string
  readonly get: (key: string, signal: AbortSignal) => Promise<string | undefined>
  readonly set: (key: string, text: string, signal: AbortSignal) => Promise<void>
  readonly delete: (key: string, signal: AbortSignal) => Promise<void>
  /** The keys that begin with `prefix`, each once, in no order. */
  readonly keys: (prefix: string, signal: AbortSignal) => Promise<ReadonlyArray<string>>
  /** None where the engine has none. */
  readonly compareAndSet?: CompareAndSet
  /** Lets go of the connection. Nothing of this store is under way. */
  readonly close: (signal: AbortSignal) => Promise<void>
}

/** Whether a value is an object that has these methods. */
export const hasMethods = <Name extends string>(
  u: unknown,
  ...names: ReadonlyArray<Name>
): u is Readonly<Record<Name, (...args: ReadonlyArray<unknown>) => unknown>> =>
  typeof u === 'object' && u !== null && names.every(name => typeof Object(u)[name] === 'function')
