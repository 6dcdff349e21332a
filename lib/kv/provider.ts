import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvStore } from '../domain/kv.js'
import type { ClosableKvStore, KvPlace, KvProvider } from '../domain/kv-provider.js'

export type { ClosableKvStore, KvPlace, KvProvider } from '../domain/kv-provider.js'

/**
 * The store that an author named, in its place: a provider is given the place, a finished store
 * stays as it is. Nothing is opened yet. The methods are bound, so that a store may be an object of
 * a class.
 */
export const storeAt = (place: KvPlace, named: KvProvider | KvStore): ClosableKvStore => {
  const store: ReturnType<KvProvider> = typeof named === 'function' ? named(place) : named
  return {
    get: key => store.get(key),
    set: (key, value) => store.set(key, value),
    delete: key => store.delete(key),
    keys: prefix => store.keys(prefix),
    entries: prefix => store.entries(prefix),
    update: (key, f) => store.update(key, f),
    clear: () => store.clear(),
    close: store.close ?? TE.right(undefined),
  }
}
