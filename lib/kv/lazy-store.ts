import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore, KvProvider } from '../domain/kv-provider.js'
import { ioError, messageOf, type PluginError } from '../domain/plugin-error.js'

/** A store, with something to close or without. */
type Loaded = ReturnType<KvProvider>

/**
 * A store whose code is loaded by its first operation: a plugin that starts, or only tells its
 * metadata, need not wait for a database that it may never open. Operations are carried out in the
 * order in which they were begun, those that waited for the code first.
 */
export const lazyStore = (load: () => Promise<Loaded>): ClosableKvStore => {
  let loading: Promise<Loaded> | undefined
  let loaded: Loaded | undefined
  let waiting = 0

  const afterLoading = async <A>(
    operation: (store: Loaded) => TaskEither<PluginError, A>,
  ): Promise<E.Either<PluginError, A>> => {
    waiting++
    try {
      loading ??= load()
      loaded = await loading
    } catch (cause) {
      waiting--
      return E.left(ioError(`the code of the store cannot be loaded: ${messageOf(cause)}`, cause))
    }
    const result = operation(loaded)()
    waiting--
    return result
  }
  const run =
    <A>(operation: (store: Loaded) => TaskEither<PluginError, A>): TaskEither<PluginError, A> =>
    () =>
      loaded !== undefined && waiting === 0 ? operation(loaded)() : afterLoading(operation)

  return {
    get: key => run(store => store.get(key)),
    set: (key, value) => run(store => store.set(key, value)),
    delete: key => run(store => store.delete(key)),
    keys: prefix => run(store => store.keys(prefix)),
    entries: prefix => run(store => store.entries(prefix)),
    update: (key, f) => run(store => store.update(key, f)),
    clear: () => run(store => store.clear()),
    close: () =>
      loading === undefined
        ? Promise.resolve(E.right(undefined))
        : run(store => store.close ?? (() => Promise.resolve(E.right(undefined))))(),
  }
}
