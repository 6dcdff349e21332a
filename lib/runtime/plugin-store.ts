import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { KvStore } from '../domain/kv.js'
import type { KvPlace, KvProvider } from '../domain/kv-provider.js'
import { hostKv } from '../kv/host/host-kv.js'
import { memoryKv } from '../kv/memory/memory-kv.js'
import { sqliteKv } from '../kv/sqlite/sqlite-kv.js'

/** The stores that `TORU_KV` can name. */
const NAMED: ReadonlyMap<string, () => KvProvider | KvStore> = new Map<
  string,
  () => KvProvider | KvStore
>([
  ['sqlite', sqliteKv],
  ['memory', memoryKv],
  ['host', hostKv],
])

/**
 * The plugin's store, still to be given its place: the one that `TORU_KV` names, else the author's,
 * else SQLite. Left for a name that is none.
 */
export const pluginStore = (
  chosen: KvProvider | KvStore | undefined,
  env: KvPlace['env'],
): Either<string, KvProvider | KvStore> => {
  const name = env.TORU_KV
  if (name === undefined || name === '') return E.right(chosen ?? sqliteKv())
  const named = NAMED.get(name)
  return named === undefined
    ? E.left(
        `TORU_KV: expected ${[...NAMED.keys()].join(', ')} or nothing, got ${JSON.stringify(name)}`,
      )
    : E.right(named())
}
