import { createClient, createKeyv, createKeyvNonBlocking, type RedisClientType } from '@keyv/redis'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { startChild } from '../child.js'
import { recordingLog } from '../place.js'
import { noRedis, redisServer } from '../redis-server.js'
import { at, newPlugin, redisKeyv, redisStore } from '../redis-store.js'
import { storeContract } from '../store-contract.js'
import { left, right, testWith } from '../support.js'

const redis = redisServer()
if (noRedis === undefined) await redis.start()
test.after.always(redis.remove)

const { socket } = redis
const it = testWith(noRedis)

storeContract('keyv with redis', t => redisStore(t, socket, { pluginId: newPlugin() }), noRedis)

/** A client of the tests' own, to look at what is there. */
const look = async <A>(f: (client: RedisClientType) => Promise<A>): Promise<A> => {
  const client: RedisClientType = createClient(at(socket))
  await client.connect()
  try {
    return await f(client)
  } finally {
    client.destroy()
  }
}

it('two plugin processes count to 10,000 together and lose none', async t => {
  const pluginId = newPlugin()
  const processes = [1, 2].map(() => startChild(t, 'keyv-counter', [socket, pluginId, '5000']))
  for (const child of processes) t.is(await child.hear(), 'ready')
  t.deepEqual(await Promise.all(processes.map(child => child.ask('go'))), ['[]', '[]'])
  t.deepEqual(await right(redisStore(t, socket, { pluginId }).get('count')), O.some('10000'))
})

it('many updates at once, from two stores, lose none', async t => {
  const pluginId = newPlugin()
  const stores = [redisStore(t, socket, { pluginId }), redisStore(t, socket, { pluginId })]
  const increment = (current: O.Option<string>) =>
    O.some(String(Number(O.getOrElse(() => '0')(current)) + 1))
  await Promise.all(
    stores.flatMap(kv => Array.from({ length: 200 }, () => right(kv.update('count', increment)))),
  )
  for (const kv of stores) t.deepEqual(await right(kv.get('count')), O.some('400'))
})

it('an update that never wins is a Timeout', async t => {
  const pluginId = newPlugin()
  const kv = redisStore(
    t,
    socket,
    { pluginId },
    { compareAndSet: async () => false, deadlineMs: 200 },
  )
  t.like(await left(kv.update('key', () => O.some('value'))), { _tag: 'Timeout' })
  t.deepEqual(await right(kv.get('key')), O.none)
})

it('a plugin sees and clears its own keys only, whatever its namespace', async t => {
  const plugins: ReadonlyArray<readonly [namespace: string | undefined, pluginId: string]> = [
    [undefined, 'a'],
    [undefined, 'a-b'],
    ['x', 'a'],
    ['x:a', 'a'],
    ['x*', 'a'],
    ['x?[a-z]\\', 'a'],
  ]
  const stores = plugins.map(([namespace, pluginId]) =>
    redisStore(
      t,
      socket,
      { pluginId },
      {},
      redisKeyv(socket, namespace === undefined ? {} : { namespace }),
    ),
  )
  for (const [index, kv] of stores.entries())
    for (const key of ['k', 'a:k', ':', '::']) await right(kv.set(key, String(index)))
  for (const [index, kv] of stores.entries()) {
    const value = String(index)
    t.deepEqual(await right(kv.entries()), [
      [':', value],
      ['::', value],
      ['a:k', value],
      ['k', value],
    ])
  }
  const [first, ...others] = stores
  if (first === undefined) return t.fail()
  await right(first.clear())
  t.deepEqual(await right(first.keys()), [])
  for (const kv of others) t.is((await right(kv.keys())).length, 4)
  for (const kv of others) await right(kv.clear())
})

it('a key is the namespace, the plugin and the key, and a value what Keyv would store', async t => {
  const pluginId = newPlugin()
  await right(redisStore(t, socket, { pluginId }).set('theme', ':dark'))
  t.is(await look(client => client.get(`keyv:${pluginId}:theme`)), '{"value":"::dark"}')
  const keyv = createKeyv(at(socket))
  t.is(await keyv.get(`keyv:${pluginId}:theme`), ':dark')
  await keyv.disconnect()
})

it('every way to make a Keyv leads to the same keys', async t => {
  const pluginId = newPlugin()
  const ways = [
    redisKeyv(socket),
    createKeyv(at(socket)),
    createKeyvNonBlocking(at(socket)),
    redisKeyv(socket, {}, { disableOfflineQueue: true }),
    redisKeyv(socket, {}, { RESP: 3 }),
    redisKeyv(socket, {}, { commandOptions: { typeMapping: { 36: Buffer } } }),
  ]
  const append = (current: O.Option<string>) => O.some(`${O.getOrElse(() => '')(current)}.`)
  for (const [index, keyv] of ways.entries()) {
    const kv = redisStore(t, socket, { pluginId }, {}, keyv)
    t.deepEqual(await right(kv.update('key', append)), O.some('.'.repeat(index + 1)))
    t.deepEqual(await right(kv.entries()), [['key', '.'.repeat(index + 1)]])
  }
})

it('a thousand keys and more are listed and cleared', async t => {
  const kv = redisStore(t, socket, { pluginId: newPlugin() })
  const keys = Array.from({ length: 2_500 }, (_, i) => `key ${String(i).padStart(4, '0')}`)
  await Promise.all(keys.map(key => right(kv.set(key, key))))
  t.deepEqual(await right(kv.keys()), keys)
  t.is((await right(kv.entries('key 1'))).length, 1_000)
  await right(kv.clear())
  t.deepEqual(await right(kv.keys()), [])
})

it('keys that are removed while they are listed do no harm', async t => {
  const kv = redisStore(t, socket, { pluginId: newPlugin() })
  for (let round = 0; round < 20; round++) {
    const keys = Array.from({ length: 100 }, (_, i) => String(i))
    await Promise.all(keys.map(key => right(kv.set(key, key))))
    const [entries] = await Promise.all([right(kv.entries()), right(kv.clear())])
    t.true(entries.every(([key, value]) => key === value))
  }
})

it('a value of another writer is an error, and stays', async t => {
  const pluginId = newPlugin()
  const kv = redisStore(t, socket, { pluginId })
  await look(async client => {
    await client.rPush(`keyv:${pluginId}:list`, 'x')
    await client.set(`keyv:${pluginId}:text`, 'no JSON')
    await client.set(`keyv:${pluginId}:number`, '{"value":5}')
  })
  t.like(await left(kv.get('list')), {
    _tag: 'Io',
    message: 'Redis failed',
    cause: { message: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
  })
  for (const key of ['text', 'number']) {
    const expected = {
      _tag: 'Serialization',
      message: `What is stored under "${key}" is no text of this Keyv.`,
    } as const
    t.like(await left(kv.get(key)), expected)
    t.like(await left(kv.update(key, () => O.some('mine'))), expected)
  }
  t.is(await look(client => client.get(`keyv:${pluginId}:text`)), 'no JSON')
})

it('a ttl is ignored, and the log says so', async t => {
  const log = recordingLog()
  const pluginId = newPlugin()
  const kv = redisStore(t, socket, { pluginId, log }, {}, redisKeyv(socket, { ttl: 50 }))
  await right(kv.set('key', 'value'))
  t.is(await look(client => client.pTTL(`keyv:${pluginId}:key`)), -1)
  t.deepEqual(log.entries, [
    'warn: The ttl of the Keyv is ignored: what a plugin stores stays until it is removed.',
  ])
})

it('the next operation opens a closed store again', async t => {
  const kv = redisStore(t, socket, { pluginId: newPlugin() })
  const write = right(kv.set('key', 'value'))
  await right(kv.close)
  await write
  await right(kv.close)
  t.deepEqual(await right(kv.get('key')), O.some('value'))
})

/** A server of the test's own, to be ill-treated. */
const ownServer = async (t: ExecutionContext) => {
  const server = redisServer()
  t.teardown(server.remove)
  await server.start()
  return server
}

const elapsed = async (f: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await f()
  return performance.now() - start
}

it('while Redis is down operations fail by the deadline, and do not happen later', async t => {
  const server = await ownServer(t)
  const kv = redisStore(t, server.socket, {}, { deadlineMs: 1_000 })
  await right(kv.set('key', 'before'))
  await server.kill()

  const operations = [
    kv.get('key'),
    kv.set('key', 'late'),
    kv.delete('key'),
    kv.update('key', () => O.some('late')),
    kv.keys(),
    kv.clear(),
  ]
  const spent = await elapsed(async () => {
    for (const error of await Promise.all(operations.map(left)))
      t.true(error._tag === 'Timeout' || error._tag === 'Io', error.message)
  })
  t.true(spent < 5_000, `it took ${spent} ms`)

  await server.start()
  const deadline = performance.now() + 30_000
  while (E.isLeft(await kv.get('key')())) t.true(performance.now() < deadline)
  t.deepEqual(await right(kv.entries()), [['key', 'before']])
  t.deepEqual(
    await right(
      kv.update(
        'key',
        O.map(value => `${value} and after`),
      ),
    ),
    O.some('before and after'),
  )
})

it('a plugin may start before Redis does', async t => {
  const server = redisServer()
  t.teardown(server.remove)
  const kv = redisStore(t, server.socket, {}, { deadlineMs: 1_000 })
  const expected =
    'Redis was out of reach, or busy, for 1000 ms: what had not been sent was given up.'
  t.like(await left(kv.set('key', 'too early')), { _tag: 'Timeout', message: expected })
  t.like(await left(kv.get('key')), { _tag: 'Timeout', message: expected })
  await server.start()
  const deadline = performance.now() + 30_000
  while (E.isLeft(await kv.get('key')())) t.true(performance.now() < deadline)
  t.deepEqual(await right(kv.entries()), [])
})

it('the next operation connects a client that does not reconnect by itself', async t => {
  const server = await ownServer(t)
  const client = {
    socket: { ...at(server.socket).socket, reconnectStrategy: false },
    disableOfflineQueue: true,
  }
  const kv = redisStore(
    t,
    server.socket,
    {},
    { deadlineMs: 20_000 },
    redisKeyv(server.socket, {}, client),
  )
  await right(kv.set('key', 'value'))
  await server.kill()
  t.like(await left(kv.get('key')), { _tag: 'Io' })
  t.like(await left(kv.set('key', 'other')), { _tag: 'Io' })
  await server.start()
  t.deepEqual(await right(kv.get('key')), O.some('value'))
})

it('a hanging Redis is a Timeout that leaves the outcome open', async t => {
  const server = await ownServer(t)
  const kv = redisStore(t, server.socket, {}, { deadlineMs: 1_000 })
  await right(kv.set('key', 'before'))
  server.freeze()
  t.like(await left(kv.get('key')), {
    _tag: 'Timeout',
    message: 'Redis did not answer within 1000 ms.',
  })
  t.like(await left(kv.set('key', 'after')), {
    _tag: 'Timeout',
    message: 'Redis did not answer within 1000 ms; whether the write was carried out is not known.',
  })
  const spent = await elapsed(() => kv.close())
  t.true(spent < 5_000, `closing took ${spent} ms`)
  server.thaw()
  t.true(O.isSome(await right(kv.get('key'))))
  await right(kv.set('key', 'last'))
  t.deepEqual(await right(kv.get('key')), O.some('last'))
})

it('an update is not repeated after a lost connection', async t => {
  const server = await ownServer(t)
  const kv = redisStore(t, server.socket, {}, { deadlineMs: 1_000 })
  const increment = kv.update('count', current =>
    O.some(String(Number(O.getOrElse(() => '0')(current)) + 1)),
  )
  let [done, unknown] = [0, 0]
  const drop = createClient(at(server.socket))
  await drop.connect()
  const timer = setInterval(
    () =>
      void drop.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']).catch(() => {}),
    20,
  )
  for (let i = 0; i < 2_000; i++) {
    if (E.isRight(await increment())) done++
    else unknown++
  }
  clearInterval(timer)
  drop.destroy()
  // Nobody cuts this one off, however long it takes.
  const witness = redisStore(t, server.socket, {}, { deadlineMs: 30_000 })
  const count = Number(O.toUndefined(await right(witness.get('count'))))
  t.true(unknown > 0)
  t.true(count >= done && count <= done + unknown, `${count} of ${done} and ${unknown}`)
})
