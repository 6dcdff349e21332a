import type { Kind2, URIS2 } from 'fp-ts/HKT.js'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { TaskEither, URI as TaskEitherURI } from 'fp-ts/lib/TaskEither.js'
import type { KvStore } from '../domain/kv.js'
import type { ClosableKvStore, KvPlace, KvProvider } from '../domain/kv-provider.js'
import { internalError, ioError, type PluginError } from '../domain/plugin-error.js'

/**
 * The seven operations of a store, in any effect `F` with errors `E`. A `KvStore` has the effect
 * `TaskEither`; the table of a SQLite database has `Either`.
 */
export interface Operations<F extends URIS2, E> {
  readonly get: (key: string) => Kind2<F, E, Option<string>>
  readonly set: (key: string, value: string) => Kind2<F, E, void>
  readonly delete: (key: string) => Kind2<F, E, void>
  readonly keys: (prefix: string) => Kind2<F, E, ReadonlyArray<string>>
  readonly entries: (
    prefix: string,
  ) => Kind2<F, E, ReadonlyArray<readonly [key: string, value: string]>>
  readonly update: (
    key: string,
    f: (current: Option<string>) => Option<string>,
  ) => Kind2<F, E, Option<string>>
  readonly clear: () => Kind2<F, E, void>
}

/** Which operation of a store is called, with its arguments that are data. */
export type Call =
  | { readonly operation: 'get' | 'delete' | 'update'; readonly key: string }
  | { readonly operation: 'set'; readonly key: string; readonly value: string }
  | { readonly operation: 'keys' | 'entries'; readonly prefix: string }
  | { readonly operation: 'clear' }

/** Whether a call may change what is stored. */
export const isWrite = ({ operation }: Call): boolean =>
  operation !== 'get' && operation !== 'keys' && operation !== 'entries'

/**
 * Runs one operation, whichever it is: `perform` carries it out on the operations that it is given.
 */
export type Run<F extends URIS2, E> = <A>(
  call: Call,
  perform: (operations: Operations<F, E>) => Kind2<F, E, A>,
) => TaskEither<PluginError, A>

/** The store whose every operation is run by one function. */
export const storeOf = <F extends URIS2 = TaskEitherURI, E = PluginError>(
  run: Run<F, E>,
): KvStore => ({
  get: key => run({ operation: 'get', key }, on => on.get(key)),
  set: (key, value) => run({ operation: 'set', key, value }, on => on.set(key, value)),
  delete: key => run({ operation: 'delete', key }, on => on.delete(key)),
  keys: (prefix = '') => run({ operation: 'keys', prefix }, on => on.keys(prefix)),
  entries: (prefix = '') => run({ operation: 'entries', prefix }, on => on.entries(prefix)),
  update: (key, f) => run({ operation: 'update', key }, on => on.update(key, f)),
  clear: () => run({ operation: 'clear' }, on => on.clear()),
})

/** A store that may have something to close. */
type OpenableStore = ReturnType<KvProvider>

type Done = Promise<Either<PluginError, void>>

const close = (store: OpenableStore): Done => store.close?.() ?? NOTHING_TO_DO
const check = (store: OpenableStore): Done => store.check?.() ?? NOTHING_TO_DO

const NOTHING_TO_DO: Done = Promise.resolve(E.right(undefined))

/**
 * The store that an author chose, for one plugin: a provider is given the plugin's place, a store
 * is used as it is. Nothing is opened yet. The methods are bound, so a store may be an object of a
 * class.
 */
export const storeAt = (place: KvPlace, chosen: KvProvider | KvStore): ClosableKvStore => {
  const store: OpenableStore = typeof chosen === 'function' ? chosen(place) : chosen
  return {
    ...storeOf((_, perform) => perform(store)),
    close: () => close(store),
    check: () => check(store),
  }
}

/**
 * A store whose code is loaded by its first operation, so that a plugin that starts, or only prints
 * its metadata, need not load a database that it may never open. Operations run in the order in
 * which they were begun, also those that wait for the code. `close` waits for what they have begun,
 * and not for a `check`.
 */
export const lazyStore = (load: () => Promise<OpenableStore>): ClosableKvStore => {
  let loading: Promise<OpenableStore> | undefined
  let loaded: OpenableStore | undefined
  let waiting = 0
  let isUsed = false

  const afterLoading = async <A>(
    perform: (store: OpenableStore) => TaskEither<PluginError, A>,
  ): Promise<Either<PluginError, A>> => {
    waiting++
    try {
      loading ??= load()
      loaded = await loading
    } catch (cause) {
      waiting--
      return E.left(ioError('the code of the key-value store cannot be loaded', cause))
    }
    const result = perform(loaded)()
    waiting--
    return result
  }
  const run =
    <A>(
      perform: (store: OpenableStore) => TaskEither<PluginError, A>,
    ): TaskEither<PluginError, A> =>
    () => {
      isUsed = true
      return loaded !== undefined && waiting === 0 ? perform(loaded)() : afterLoading(perform)
    }

  return {
    ...storeOf((_, perform) => run(perform)),
    close: () => {
      if (isUsed) return run(store => () => close(store))()
      return loaded === undefined ? NOTHING_TO_DO : close(loaded)
    },
    check: () => afterLoading(store => () => check(store)),
  }
}

/**
 * An `update` whose function can fail. If it does, the key keeps its value and the result is the
 * error; otherwise it is the first of the two values that the function yields, and the second is
 * stored.
 */
export const tryUpdate = <A>(
  store: KvStore,
  key: string,
  f: (current: Option<string>) => Either<PluginError, readonly [result: A, next: Option<string>]>,
): TaskEither<PluginError, A> => {
  const run = async (): Promise<Either<PluginError, A>> => {
    let result: Either<PluginError, A> = E.left(
      internalError(`The store did not call the function that updates ${JSON.stringify(key)}.`),
    )
    const stored = await store.update(key, current => {
      const computed = f(current)
      if (E.isLeft(computed)) {
        result = computed
        return current
      }
      result = E.right(computed.right[0])
      return computed.right[1]
    })()
    return E.isLeft(stored) ? stored : result
  }
  return run
}
