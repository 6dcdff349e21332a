import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { KvStore } from '../domain/kv.js'
import type { KvPlace, KvProvider } from '../domain/kv-provider.js'
import { hostKv } from '../kv/host/host-kv.js'
import { memoryKv } from '../kv/memory/memory-kv.js'
import { sqliteKv } from '../kv/sqlite/sqlite-kv.js'

/** The stores that `TORU_KV` can name. */
const STORES = new Map<string, () => KvProvider | KvStore>([
  ['sqlite', sqliteKv],
  ['memory', memoryKv],
  ['host', hostKv],
])

/**
 * The store of a plugin: the one that `TORU_KV` names, otherwise the author's, otherwise SQLite.
 * The left side is the message about an unknown name.
 */
export const pluginStore = (
  chosen: KvProvider | KvStore | undefined,
  env: KvPlace['env'],
): Either<string, KvProvider | KvStore> => {
  const name = env.TORU_KV
  if (name === undefined || name === '') return E.right(chosen ?? sqliteKv())
  const make = STORES.get(name)
  const expected = [...STORES.keys()].join(', ')
  return make === undefined
    ? E.left(`TORU_KV: expected ${expected} or nothing, got ${JSON.stringify(name)}`)
    : E.right(make())
}
