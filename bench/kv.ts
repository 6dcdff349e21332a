// KV set and get through the socket, one at a time on one connection, for each store, in
// interleaved rounds. The value has 100 bytes.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { loadDriver } from '../lib/kv/sqlite/driver/load-driver.js'
import { askingOn, DIST, frameOf, median, startAt } from './process.js'

const ROUNDS = 9
const OPERATIONS = 500

interface Store {
  readonly name: string
  /** The plugin's file, and the environment that chooses its store. */
  readonly file: string
  readonly env: NodeJS.ProcessEnv
}
const VALUE = 'v'.repeat(100)

const folder = mkdtempSync(join(tmpdir(), 'toru-bench-kv-'))
const message = (action: 'Get' | 'Set', key: string, value?: string): Buffer =>
  frameOf({
    type: 'kv',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: 'r',
    payload: {
      type: 'kv',
      request_id: 'r',
      action,
      key,
      ...(value === undefined ? {} : { value }),
    },
  })

const nothing = (): void => undefined
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

/** The host's table, as the host makes it. */
const makeHostTable = async (): Promise<string | undefined> => {
  const driver = await loadDriver({ pluginId: 'bench', log, deadlineMs: 0, env: {} })()
  if (E.isLeft(driver)) return undefined
  const connection = driver.right.open(join(folder, 'steering.db'), 'read-write')
  connection.exec(
    'CREATE TABLE plugin_kv (plugin_id TEXT, key TEXT, value TEXT, PRIMARY KEY(plugin_id, key))',
  )
  connection.close()
  return driver.right.name
}

/**
 * A Redis of our own that appends every change to a file and syncs it once a second, the default
 * for append-only files. None if it is not installed.
 */
const startRedis = async (): Promise<
  { readonly socket: string; readonly end: () => void } | undefined
> => {
  const socket = join(folder, 'redis.sock')
  const redis = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'yes'],
    {
      stdio: 'ignore',
    },
  )
  const failed = await new Promise<boolean>(resolve => {
    redis.once('error', () => resolve(true))
    const look = (): void => void (existsSync(socket) ? resolve(false) : setTimeout(look, 20))
    look()
  })
  return failed ? undefined : { socket, end: () => redis.kill('SIGKILL') }
}

interface Measured {
  readonly name: string
  readonly set: number[]
  readonly get: number[]
}

/** Microseconds of one operation. */
const each = async (
  ask: (frame: Buffer) => Promise<Buffer>,
  frame: (i: number) => Buffer,
): Promise<number> => {
  const frames = Array.from({ length: OPERATIONS }, (_, i) => frame(i))
  const begun = performance.now()
  for (const bytes of frames) await ask(bytes)
  return ((performance.now() - begun) * 1000) / OPERATIONS
}

const driver = await makeHostTable()
const redis = await startRedis()
const hello = join(DIST, 'samples/hello/main.js')
const candidates: ReadonlyArray<Store> = [
  { name: '`memoryKv()`', file: hello, env: { TORU_KV: 'memory' } },
  { name: '`sqliteKv()`', file: hello, env: { TORU_KV: 'sqlite' } },
  { name: '`hostKv()`', file: hello, env: { TORU_KV: 'host' } },
  ...(redis === undefined
    ? []
    : [
        {
          name: '`keyvKv()`, Redis',
          file: join(DIST, 'bench/redis-plugin.js'),
          env: { REDIS_SOCKET: redis.socket },
        },
      ]),
]
const stores = await Promise.all(
  candidates.map(async ({ name, file, env }, index) => {
    const path = join(folder, `${index}.sock`)
    const child = await startAt(file, path, { ...env, TORU_DATA_DIR: join(folder, 'data') })
    return { name, child, ...askingOn(path), times: { name, set: [], get: [] } as Measured }
  }),
)
for (let round = 0; round <= ROUNDS; round++) {
  for (const { ask, times } of round % 2 === 0 ? stores : [...stores].reverse()) {
    const set = await each(ask, i => message('Set', `key-${i % 100}`, VALUE))
    const get = await each(ask, i => message('Get', `key-${i % 100}`))
    // The first round warms up.
    if (round > 0) {
      times.set.push(set)
      times.get.push(get)
    }
  }
}

console.log(
  `Node.js ${process.version}, ${driver ?? 'no SQLite'}; medians of ${ROUNDS} rounds of ${OPERATIONS} operations\n`,
)
console.log('| store | set, µs | get, µs | set, a second | get, a second |\n|---|---|---|---|---|')
for (const { name, times, child, socket } of stores) {
  const [set, get] = [median(times.set), median(times.get)]
  console.log(
    `| ${name} | ${set.toFixed(0)} | ${get.toFixed(0)} | ${(1e6 / set).toFixed(0)} | ${(1e6 / get).toFixed(0)} |`,
  )
  socket.destroy()
  child.kill('SIGKILL')
}
redis?.end()
rmSync(folder, { recursive: true, force: true })
