import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { lazyStore } from '../store.js'
import type { KeyvLike } from './engine.js'
import type { KeyvKvOptions } from './provider.js'

export type { CompareAndSet, KeyvLike } from './engine.js'
export type { KeyvKvOptions } from './provider.js'

/**
 * A store in any engine that Keyv has an adapter for, such as
 * `keyvKv(new Keyv(new KeyvRedis('redis://…')))`.
 *
 * The keys of the engine are `<namespace of the Keyv>:<plugin id>:<key>`, and the values are in the
 * Keyv's serialization. Its `ttl`, its hooks and its error handling are not used.
 *
 * `update` is atomic across processes with Redis and Valkey through `@keyv/redis`, and with an
 * engine for which `compareAndSet` is given; with a `Map`, which no other process has, it is atomic
 * in the process. With any other engine it is an `Internal` error, as are `keys`, `entries` and
 * `clear` if the adapter cannot list its keys. `close` closes the connection; the next operation
 * opens it again.
 *
 * Errors: `Io` if the engine fails, `Timeout` after the deadline, `Serialization` for a stored text
 * that this Keyv cannot read, `InvalidRequest` beyond the limits.
 */
export const keyvKv =
  (keyv: KeyvLike, options: KeyvKvOptions = {}) =>
  (place: KvPlace): ClosableKvStore =>
    lazyStore(() =>
      import('./provider.js').then(({ keyvProvider }) => keyvProvider(keyv, options, place)),
    )
