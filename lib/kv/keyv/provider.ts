import * as E from 'fp-ts/lib/Either.js'
import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { internalError, type PluginError } from '../../domain/plugin-error.js'
import { adapterEngine, mapEngine } from './adapter.js'
import type { CompareAndSet, KeyvEngine, KeyvLike } from './engine.js'
import { keyvStore } from './keyv-store.js'
import { isRedisClient } from './redis-client.js'
import { redisEngine } from './redis-engine.js'

/** The options of `keyvKv`; each has a default. */
export interface KeyvKvOptions {
  /**
   * How the engine replaces a value atomically, for `update`. Redis and the `Map` of a plain Keyv
   * do not need it; with any other engine `update` fails without it.
   */
  readonly compareAndSet?: CompareAndSet
  /** Milliseconds that one operation may take. The default is the plugin's `kvTimeout`. */
  readonly deadlineMs?: number
}

/** A Keyv as a plugin's store, in its place: what `keyvKv` loads. */
export const keyvProvider = (
  keyv: KeyvLike,
  options: KeyvKvOptions,
  place: KvPlace,
): ClosableKvStore => {
  const namespace = `${escaped(keyv.namespace ?? DEFAULT_NAMESPACE)}:${place.pluginId}`
  const engine = engineOf(keyv, namespace)
  if (keyv.ttl)
    place.log.warn(
      'The ttl of the Keyv is ignored: what a plugin stores stays until it is removed.',
    )
  const { deadlineMs = place.deadlineMs, compareAndSet = engine.compareAndSet } = options
  return keyvStore(
    keyv,
    { namespace, engine, compareAndSet: E.fromNullable(noUpdate(engine.name))(compareAndSet) },
    deadlineMs,
  )
}

/** The default of Keyv itself. */
const DEFAULT_NAMESPACE = 'keyv'

/**
 * Adapters put a namespace into globs, regular expressions and LIKE patterns. An escaped one has no
 * colon either, so that no namespace reaches into the keys of another.
 */
const escaped = (namespace: string): string =>
  encodeURIComponent(namespace.toWellFormed()).replace(
    /[.!~*'()]/g,
    character => `%${character.charCodeAt(0).toString(16)}`,
  )

const engineOf = (keyv: KeyvLike, namespace: string): KeyvEngine => {
  const { store } = keyv
  if (store instanceof Map) return mapEngine(store)
  return 'client' in store && isRedisClient(store.client)
    ? redisEngine(store.client, namespace)
    : adapterEngine(keyv, store, namespace)
}

const noUpdate = (name: string): PluginError =>
  internalError(
    `update is not possible: Keyv cannot compare and set with ${name}, and what others write ` +
      'between a read and a write would be lost. Name a way, keyvKv(keyv, { compareAndSet }), or ' +
      'use @keyv/redis (for Redis and Valkey) or sqliteKv.',
  )
