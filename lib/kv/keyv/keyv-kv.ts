import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { lazyStore } from '../lazy-store.js'
import type { KeyvLike } from './engine.js'
import type { KeyvKvOptions } from './provider.js'

export type { CompareAndSet, KeyvLike } from './engine.js'
export type { KeyvKvOptions } from './provider.js'

/**
 * A store in whatever Keyv has an adapter for: `keyvKv(new Keyv(new KeyvRedis('redis://…')))`.
 *
 * The keys of the engine are `<namespace of the Keyv>:<plugin id>:<key>`, and the values are in the
 * Keyv's serialization. Its `ttl`, its hooks and its own handling of errors are not used. `update`
 * is atomic across processes with Redis (and Valkey) through `@keyv/redis`, and with an engine that
 * `compareAndSet` is given for; with a `Map`, of which no other process knows, within the process;
 * with anything else it is an `Internal` error that says so, as are `keys`, `entries` and `clear`
 * where the adapter cannot list its keys. `close` closes the connection, which the next use opens
 * again.
 *
 * Errors: `Io` where the engine fails, `Timeout` after the deadline, `Serialization` for a value
 * that is not this store's, `InvalidRequest` beyond the limits.
 */
export const keyvKv =
  (keyv: KeyvLike, options: KeyvKvOptions = {}) =>
  (place: KvPlace): ClosableKvStore =>
    lazyStore(() =>
      import('./provider.js').then(({ keyvProvider }) => keyvProvider(keyv, options, place)),
    )
