import { createServer } from 'node:net'
import { createCluster, createSentinel, default as KeyvRedis } from '@keyv/redis'
import test from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import { Keyv } from 'keyv'
import { keyvKv } from '../../../lib/kv/keyv/keyv-kv.js'
import { placeOf } from '../place.js'
import { noRedis, redisServer } from '../redis-server.js'
import { newPlugin } from '../redis-store.js'
import { storeContract } from '../store-contract.js'
import { left, testWith } from '../support.js'

/** A port that nothing listens on. The bus of a cluster has the port 10,000 above it. */
const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port < 55_000 ? port : port - 12_345))
    })
  })

const port = await freePort()
const options = [
  '--port',
  String(port),
  '--bind',
  '127.0.0.1',
  '--cluster-enabled',
  'yes',
  '--cluster-require-full-coverage',
  'no',
]
const redis = redisServer(...options)
if (noRedis === undefined) {
  await redis.start()
  await redis.command('CLUSTER ADDSLOTSRANGE 0 16383')
  while (!(await redis.command('CLUSTER INFO')).includes('cluster_state:ok'))
    await new Promise(resolve => setTimeout(resolve, 50))
}
test.after.always(redis.remove)

const cluster = () => createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] })

storeContract(
  'keyv with a cluster',
  t => {
    const store = keyvKv(new Keyv(new KeyvRedis(cluster())))(placeOf({ pluginId: newPlugin() }))
    t.teardown(() => store.close())
    return store
  },
  noRedis,
)

testWith(undefined)('an update with a sentinel, which repeats commands, is an error', async t => {
  const sentinel = createSentinel({
    name: 'main',
    sentinelRootNodes: [{ host: '127.0.0.1', port }],
  })
  const kv = keyvKv(new Keyv(new KeyvRedis(sentinel)))(placeOf())
  t.like(await left(kv.update('key', () => O.some('value'))), { _tag: 'Internal' })
})
