import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { KvStore } from '../domain/kv.js'
import type { ClosableKvStore, KvPlace, KvProvider } from '../domain/kv-provider.js'
import { hostKv } from '../kv/host.js'
import { memoryKv } from '../kv/memory.js'
import { storeAt } from '../kv/provider.js'
import { sqliteKv } from '../kv/sqlite.js'

/** The stores that `TORU_KV` can name. */
const NAMED: ReadonlyMap<string, () => KvProvider | KvStore> = new Map<string, () => KvProvider | KvStore>([
  ['sqlite', sqliteKv],
  ['memory', memoryKv],
  ['host', hostKv],
])

/** The plugin's store: the one that `TORU_KV` names, else the author's, else SQLite. Nothing is opened yet; left for a name that is none. */
export const pluginStore = (chosen: KvProvider | KvStore | undefined, place: KvPlace): Either<string, ClosableKvStore> => {
  const name = place.env.TORU_KV
  if (name === undefined || name === '') return E.right(storeAt(place, chosen ?? sqliteKv()))
  const named = NAMED.get(name)
  return named === undefined
    ? E.left(`TORU_KV: expected ${[...NAMED.keys()].join(', ')} or nothing, got ${JSON.stringify(name)}`)
    : E.right(storeAt(place, named()))
}
