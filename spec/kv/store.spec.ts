import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvStore } from '../../lib/domain/kv.js'
import type { KvPlace, KvProvider } from '../../lib/domain/kv-provider.js'
import type { PluginError } from '../../lib/domain/plugin-error.js'
import { hostKv } from '../../lib/kv/host/host-kv.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import { sqliteKv } from '../../lib/kv/sqlite/sqlite-kv.js'
import { storeAt } from '../../lib/kv/store.js'
import { placeOf } from './place.js'
import { right } from './support.js'

test('every store of this package can be chosen before its place is known', t => {
  const named: ReadonlyArray<KvProvider | KvStore> = [
    memoryKv,
    memoryKv(),
    sqliteKv(),
    sqliteKv({ driver: 'libsql' }),
    hostKv(),
    hostKv({ path: 'x' }),
  ]
  for (const option of named) t.is(typeof storeAt(placeOf(), option).close, 'function')
})

test('a provider is given the place', async t => {
  const places: KvPlace[] = []
  const place = placeOf({ pluginId: 'weather' })
  const kv = storeAt(place, given => {
    places.push(given)
    return memoryKv()
  })
  t.deepEqual(places, [place])
  await right(kv.set('key', 'value'))
  t.deepEqual(await right(kv.get('key')), O.some('value'))
  t.deepEqual(await kv.close(), E.right(undefined))
})

test('a store of an author’s class keeps its methods, and is closed', async t => {
  class Shelf implements KvStore {
    readonly #inner = memoryKv()
    closed = 0
    get = this.#inner.get
    set = (key: string, value: string): TaskEither<PluginError, void> => this.#inner.set(key, value)
    delete(key: string): TaskEither<PluginError, void> {
      return this.#inner.delete(key)
    }
    keys(prefix?: string): TaskEither<PluginError, ReadonlyArray<string>> {
      return this.#inner.keys(prefix)
    }
    entries = this.#inner.entries
    update = this.#inner.update
    clear = this.#inner.clear
    get close(): TaskEither<PluginError, void> {
      return TE.fromIO(() => {
        this.closed++
      })
    }
  }
  const shelf = new Shelf()
  const kv = storeAt(placeOf(), shelf)
  await right(kv.set('key', 'value'))
  t.deepEqual(await right(kv.keys()), ['key'])
  await right(kv.delete('key'))
  t.deepEqual(await right(kv.keys()), [])
  await kv.close()
  t.is(shelf.closed, 1)
})
