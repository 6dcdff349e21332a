import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore, KvProvider } from '../domain/kv-provider.js'
import { ioError, messageOf, type PluginError } from '../domain/plugin-error.js'
import { storeOf } from './store.js'

type Loaded = ReturnType<KvProvider>

/**
 * A store whose code is loaded by its first operation, so that a plugin that starts, or only prints
 * its metadata, need not load a database that it may never open. Operations run in the order in
 * which they were begun, also those that wait for the code.
 */
export const lazyStore = (load: () => Promise<Loaded>): ClosableKvStore => {
  let loading: Promise<Loaded> | undefined
  let loaded: Loaded | undefined
  let waiting = 0

  const afterLoading = async <A>(
    perform: (store: Loaded) => TaskEither<PluginError, A>,
  ): Promise<E.Either<PluginError, A>> => {
    waiting++
    try {
      loading ??= load()
      loaded = await loading
    } catch (cause) {
      waiting--
      return E.left(ioError(`The code of the store cannot be loaded: ${messageOf(cause)}`, cause))
    }
    const result = perform(loaded)()
    waiting--
    return result
  }
  const run =
    <A>(perform: (store: Loaded) => TaskEither<PluginError, A>): TaskEither<PluginError, A> =>
    () =>
      loaded !== undefined && waiting === 0 ? perform(loaded)() : afterLoading(perform)

  return {
    ...storeOf((_, perform) => run(perform)),
    close: () =>
      loading === undefined
        ? Promise.resolve(E.right(undefined))
        : run(store => store.close ?? TE.right(undefined))(),
  }
}
