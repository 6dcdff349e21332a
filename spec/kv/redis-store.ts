import KeyvRedis from '@keyv/redis'
import type { ExecutionContext } from 'ava'
import { Keyv, type KeyvOptions } from 'keyv'
import type { ClosableKvStore, KvPlace } from '../../lib/domain/kv-provider.js'
import { type KeyvKvOptions, keyvKv } from '../../lib/kv/keyv/keyv-kv.js'
import { placeOf } from './place.js'

/** How node-redis is told of a socket. */
export const at = (socket: string) => ({ socket: { path: socket, tls: false } }) as const

/** A Keyv with the adapter for Redis, on a socket. */
export const redisKeyv = (socket: string, options: KeyvOptions = {}, client: object = {}): Keyv =>
  new Keyv(new KeyvRedis({ ...at(socket), ...client }), options)

/** A store in the Redis on a socket, which is closed after the test. */
export const redisStore = (
  t: ExecutionContext,
  socket: string,
  changes: Partial<KvPlace> = {},
  options: KeyvKvOptions = {},
  keyv: Keyv = redisKeyv(socket),
): ClosableKvStore => {
  const store = keyvKv(keyv, options)(placeOf(changes))
  t.teardown(() => store.close())
  return store
}

let plugins = 0

/** The id of a plugin that no other test has. */
export const newPlugin = (): string => `plugin-${process.pid}-${++plugins}`
