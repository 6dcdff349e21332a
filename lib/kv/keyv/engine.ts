/**
 * What `keyvKv` needs of a `Keyv`, such as a `new Keyv(…)` of `keyv@^5`. The type is written out
 * here, because an author who uses another store need not install the package.
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
 * Stores `next` under a key of the engine if its text is still `expected`, in one atomic step, and
 * yields whether it did. `undefined` stands for no value: as `expected`, the key is missing; as
 * `next`, the key is removed. Texts and key are those of the adapter. `signal` is aborted at the
 * deadline. A rejection becomes an `Io` error.
 *
 * It must not be repeated after a connection was lost, because the second attempt cannot tell the
 * first one from the write of another process.
 */
export type CompareAndSet = (
  key: string,
  expected: string | undefined,
  next: string | undefined,
  signal: AbortSignal,
) => Promise<boolean>

/**
 * The engine behind a Keyv: texts under keys, both as they are stored. A failure rejects, with a
 * `PluginError` or with the engine's own error. Nothing begins after its `signal` was aborted.
 */
export interface KeyvEngine {
  /** Its name in error messages. */
  readonly name: string
  readonly get: (key: string, signal: AbortSignal) => Promise<string | undefined>
  readonly set: (key: string, text: string, signal: AbortSignal) => Promise<void>
  readonly delete: (key: string, signal: AbortSignal) => Promise<void>
  /** The keys that begin with `prefix`, each once, in any order. */
  readonly keys: (prefix: string, signal: AbortSignal) => Promise<ReadonlyArray<string>>
  /** None if the engine cannot do it. */
  readonly compareAndSet?: CompareAndSet
  /** Closes the connection. No other operation of this store is running. */
  readonly close: (signal: AbortSignal) => Promise<void>
}

/** Whether a value is an object that has these methods. */
export const hasMethods = <Name extends string>(
  u: unknown,
  ...names: ReadonlyArray<Name>
): u is Readonly<Record<Name, (...args: ReadonlyArray<unknown>) => unknown>> =>
  typeof u === 'object' && u !== null && names.every(name => typeof Object(u)[name] === 'function')
