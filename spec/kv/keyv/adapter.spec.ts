import { EventEmitter } from 'node:events'
import test from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import { Keyv, type KeyvStoreAdapter } from 'keyv'
import { type KeyvKvOptions, keyvKv } from '../../../lib/kv/keyv/keyv-kv.js'
import { placeOf } from '../place.js'
import { storeContract } from '../store-contract.js'
import { left, right } from '../support.js'

const aMoment = (): Promise<void> => new Promise(resolve => setTimeout(resolve, Math.random() * 3))

/** An engine that takes its time, by an adapter that can do no more than it must. */
class Shelf extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = { dialect: 'shelf', url: '' }
  readonly values = new Map<string, unknown>()
  async get(key: string) {
    await aMoment()
    return this.values.get(key) as never
  }
  async set(key: string, value: unknown): Promise<unknown> {
    await aMoment()
    return void this.values.set(key, value)
  }
  async delete(key: string) {
    await aMoment()
    return this.values.delete(key)
  }
  async clear() {
    this.values.clear()
  }
}

/** An engine that lists its keys as those of Keyv do. */
class ListingShelf extends Shelf {
  async *iterator(namespace?: string): AsyncGenerator<Array<never>, void> {
    for (const [key, value] of [...this.values])
      if (key.startsWith(`${namespace}:`)) yield [key as never, value as never]
  }
}

const compareAndSetOn =
  (shelf: Shelf): NonNullable<KeyvKvOptions['compareAndSet']> =>
  async (key, expected, next) => {
    await aMoment()
    if (shelf.values.get(key) !== expected) return false
    if (next === undefined) shelf.values.delete(key)
    else shelf.values.set(key, next)
    return true
  }

storeContract('keyv with its Map', () => keyvKv(new Keyv())(placeOf()))
storeContract('keyv with an adapter and a compareAndSet', () => {
  const shelf = new ListingShelf()
  return keyvKv(new Keyv(shelf), { compareAndSet: compareAndSetOn(shelf) })(placeOf())
})

test('without compareAndSet an update is an error that says what to do', async t => {
  const shelf = new ListingShelf()
  const kv = keyvKv(new Keyv(shelf))(placeOf())
  await right(kv.set('key', 'before'))
  t.deepEqual(await left(kv.update('key', () => O.some('after'))), {
    _tag: 'Internal',
    message:
      'update is not possible: Keyv cannot compare and set with ListingShelf, and what others write between a read and a write would be lost. ' +
      'Name a way, keyvKv(keyv, { compareAndSet }), or use @keyv/redis (for Redis and Valkey) or sqliteKv.',
  })
  t.deepEqual(await right(kv.get('key')), O.some('before'))
})

test('two stores with a compareAndSet lose none of each other’s updates', async t => {
  const shelf = new ListingShelf()
  const stores = [1, 2].map(() =>
    keyvKv(new Keyv(shelf), { compareAndSet: compareAndSetOn(shelf), deadlineMs: 10_000 })(
      placeOf(),
    ),
  )
  const increment = (current: O.Option<string>) =>
    O.some(String(Number(O.getOrElse(() => '0')(current)) + 1))
  await Promise.all(
    stores.flatMap(kv => Array.from({ length: 50 }, () => right(kv.update('count', increment)))),
  )
  for (const kv of stores) t.deepEqual(await right(kv.get('count')), O.some('100'))
})

test('an adapter that cannot list its keys is an error, not an empty list', async t => {
  const kv = keyvKv(new Keyv(new Shelf()))(placeOf())
  await right(kv.set('key', 'value'))
  for (const operation of [kv.keys(), kv.entries(), kv.clear()]) {
    t.deepEqual(await left(operation), {
      _tag: 'Internal',
      message:
        'keys, entries and clear are not possible: Shelf does not list the keys that it stores. @keyv/redis, @keyv/postgres and others do.',
    })
  }
  t.deepEqual(await right(kv.get('key')), O.some('value'))
})

test('an adapter that lists other keys than it stores is an error', async t => {
  class Renaming extends ListingShelf {
    override async *iterator(namespace?: string): AsyncGenerator<Array<never>, void> {
      for await (const [key = '', value] of super.iterator(namespace))
        yield [key.slice(5) as never, value as never]
    }
  }
  t.like(await left(keyvKv(new Keyv(new Renaming()))(placeOf()).keys()), { _tag: 'Internal' })
})

test('a failure is an Io error: a rejection, an error event, or false', async t => {
  const refused = new Error('connection refused')
  class Rejecting extends ListingShelf {
    override get = () => Promise.reject(refused)
    override set = () => Promise.reject(refused)
    override delete = () => Promise.reject(refused)
  }
  class Telling extends ListingShelf {
    override async get() {
      this.emit('error', refused)
      return undefined as never
    }
    override async set() {
      this.emit('error', refused)
    }
    override async delete() {
      this.emit('error', refused)
      return false
    }
  }
  for (const shelf of [new Rejecting(), new Telling()]) {
    const kv = keyvKv(new Keyv(shelf), { compareAndSet: compareAndSetOn(shelf) })(placeOf())
    const expected = {
      _tag: 'Io',
      message: `${shelf.constructor.name} failed`,
      cause: refused,
    } as const
    const operations = [
      kv.get('key'),
      kv.set('key', 'value'),
      kv.delete('key'),
      kv.keys(),
      kv.clear(),
      kv.update('key', () => O.some('value')),
    ]
    for (const operation of operations) t.deepEqual(await left(operation), expected)
  }
  class Declining extends Shelf {
    override set = async () => false
  }
  const kv = keyvKv(new Keyv(new Declining()))(placeOf())
  t.deepEqual(await left(kv.set('key', 'value')), {
    _tag: 'Io',
    message: 'Declining did not store the value.',
  })
})

test('an incomplete list is an error, not a shorter list', async t => {
  class Breaking extends ListingShelf {
    override async *iterator(namespace?: string): AsyncGenerator<Array<never>, void> {
      yield* super.iterator(namespace)
      this.emit('error', new Error('cursor lost'))
    }
  }
  t.like(await left(keyvKv(new Keyv(new Breaking()))(placeOf()).keys()), {
    _tag: 'Io',
    message: 'Breaking failed',
    cause: { message: 'cursor lost' },
  })
})

test('a hanging engine is a Timeout, and waiting writes never begin', async t => {
  class Hanging extends Shelf {
    override set = (key: string, value: unknown) =>
      value === '{"value":"hang"}' ? new Promise<never>(() => {}) : super.set(key, value)
  }
  const shelf = new Hanging()
  const kv = keyvKv(new Keyv(shelf), { deadlineMs: 100 })(placeOf())
  const [clock, moment] = [performance.now.bind(performance), performance.now()]
  performance.now = () => moment
  const begunTogether = Promise.all([left(kv.set('key', 'hang')), left(kv.set('key', 'behind'))])
  performance.now = clock
  t.deepEqual(await begunTogether, [
    {
      _tag: 'Timeout',
      message:
        'Hanging did not answer within 100 ms; whether the write was carried out is not known.',
    },
    {
      _tag: 'Timeout',
      message:
        'Hanging was out of reach, or busy, for 100 ms: what had not been sent was given up.',
    },
  ])
  await right(kv.set('other', 'value'))
  await right(kv.set('key', 'later'))
  t.deepEqual([...shelf.values.keys()], ['keyv:notes:other', 'keyv:notes:key'])
  t.deepEqual(await right(kv.get('key')), O.some('later'))
})

test('a late update writes nothing after its caller got the Timeout', async t => {
  class Slow extends Shelf {
    override async get(key: string) {
      await new Promise(resolve => setTimeout(resolve, 100))
      return super.get(key)
    }
  }
  const shelf = new Slow()
  const kv = keyvKv(new Keyv(shelf), { compareAndSet: compareAndSetOn(shelf), deadlineMs: 50 })(
    placeOf(),
  )
  t.like(await left(kv.update('key', () => O.some('late'))), { _tag: 'Timeout' })
  await new Promise(resolve => setTimeout(resolve, 150))
  t.deepEqual([...shelf.values], [])
})

test('a Keyv may compress, and one without a serialization is refused', async t => {
  const reversed = async (text: string): Promise<string> => [...text].reverse().join('')
  const compression = { compress: reversed, decompress: reversed }
  const keyv = new Keyv({ compression })
  const kv = keyvKv(keyv)(placeOf())
  await right(kv.set('key', 'value'))
  t.is(keyv.store.get('keyv:notes:key'), '{"value":"eulav"}')
  t.deepEqual(
    await right(
      kv.update(
        'key',
        O.map(value => `${value}s`),
      ),
    ),
    O.some('values'),
  )
  t.deepEqual(await right(kv.entries()), [['key', 'values']])

  const plain = new Keyv()
  plain.serialize = undefined
  t.deepEqual(await left(keyvKv(plain)(placeOf()).set('key', 'value')), {
    _tag: 'Serialization',
    message: 'This Keyv does not turn the value for "key" into text.',
  })
})

test('plugins that share one Keyv stay apart', async t => {
  const keyv = new Keyv()
  const [a, b] = ['a', 'a-b'].map(pluginId => keyvKv(keyv)(placeOf({ pluginId })))
  if (a === undefined || b === undefined) return t.fail()
  await right(a.set('b:key', 'of a'))
  await right(b.set('key', 'of a-b'))
  t.deepEqual(await right(a.entries()), [['b:key', 'of a']])
  await right(a.clear())
  t.deepEqual(await right(b.entries()), [['key', 'of a-b']])
})
