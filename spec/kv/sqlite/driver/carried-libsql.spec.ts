import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { compressed } from '../../../../lib/cli/pack/library-cache.js'
import { packedFile } from '../../../../lib/cli/pack/packed-file.js'
import { LIBSQL_SCRIPT, packedFileIn } from '../../../../lib/domain/packed-file.js'
import { checkInWorker } from '../../../../lib/kv/sqlite/database/integrity-check.js'
import { loadDriver } from '../../../../lib/kv/sqlite/driver/load-driver.js'
import { nativeSystem } from '../../../../lib/kv/sqlite/driver/native-system.js'
import { requestOnce } from '../../../../lib/protocol.js'
import type { RunningPlugin } from '../../../../lib/testing/index.js'
import { packed, pluginText, project, started } from '../../../support/packing.js'
import { folder } from '../../../support/plugin-process.js'
import { until } from '../../../support/processes.js'
import { placeOf } from '../../place.js'
import { holdInPython, inPython, noPython, refusedInPython } from '../../python-sqlite.js'
import { right, temporaryDirectory, testWith } from '../../support.js'

// A packed plugin that keeps its state with the SQLite that it carries, on every Node.js.

const MAIN = pluginText(
  {},
  `
  @Get('/:key') get(req, ctx) { return ctx.kv.get(req.params.key)().then(E.map(O.toNullable)) }
  @Put('/:key') set(req, ctx) { return ctx.kv.set(req.params.key, req.body) }
  @Post('/slow') slow(_req, ctx) {
    return ctx.kv.update('slow', () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
      return O.some('written')
    })
  }`,
  `{ kv: sqliteKv({ driver: 'libsql' }), kvTimeout: 3000 }`,
)
  .replace('{ Get,', '{ Get, Post, Put, sqliteKv,')
  .replace("import * as t from 'io-ts'", "import { E, O } from 'toru-plugin-api/fp'")

const original = packed(project({ 'main.js': MAIN }))

/** The one file, in a folder of its own. */
const copied = async (change: (bytes: Buffer) => Buffer = bytes => bytes): Promise<string> => {
  const file = join(folder(), 'small.binary')
  writeFileSync(file, change(readFileSync((await original).file)), { mode: 0o755 })
  return file
}

/** Starts it, and waits until it has written: on a busy machine that takes a while at first. */
const startedIn = async (
  t: ExecutionContext,
  file: string,
  data: string,
): Promise<RunningPlugin> => {
  const plugin = await started(t, file, { env: { TORU_DATA_DIR: data } })
  await until(async () => (await ask(plugin, 'PUT', '/first', 'value'))[0] !== 504)
  return plugin
}

const ask = async (
  { path }: RunningPlugin,
  method: string,
  route: string,
  body?: string,
): Promise<readonly [status: number, body: string | null]> => {
  const answer = await right(
    requestOnce(path, { method, path: route, ...(body === undefined ? {} : { body }) }),
  )
  return [answer.status, answer.body]
}

const libraries = (data: string): ReadonlyArray<string> =>
  readdirSync(join(data, 'small')).filter(name => name.startsWith('libsql-'))

const plain = testWith(undefined)
const it = testWith(noPython)

it('the one file keeps its state, which another SQLite reads and changes', async t => {
  const data = temporaryDirectory(t)
  const plugin = await startedIn(t, await copied(), data)
  t.deepEqual(await ask(plugin, 'PUT', '/a', 'ours'), [204, null], plugin.stderr())
  const database = join(data, 'small', 'kv.sqlite')
  t.deepEqual(inPython(database, 'SELECT * FROM plugin_kv ORDER BY key'), [
    ['small', 'a', 'ours'],
    ['small', 'first', 'value'],
  ])
  t.deepEqual(inPython(database, "UPDATE plugin_kv SET value = 'theirs'"), [])
  t.deepEqual(await ask(plugin, 'GET', '/a'), [200, '"theirs"'])
  t.deepEqual(
    readdirSync(join(data, 'small'))
      .filter(name => name !== 'compile-cache')
      .sort()
      .map(name => name.replace(/[0-9a-f]{64}/, '<hash>')),
    ['kv.sqlite', 'kv.sqlite-shm', 'kv.sqlite-wal', 'kv.sqlite.lock', 'libsql-<hash>.node'],
  )
})

it('it waits for the lock of another SQLite, and the other for its own', async t => {
  const data = temporaryDirectory(t)
  const database = join(data, 'small', 'kv.sqlite')
  const plugin = await startedIn(t, await copied(), data)
  await ask(plugin, 'PUT', '/a', 'before')

  const release = await holdInPython(t, database)
  t.is((await ask(plugin, 'PUT', '/a', 'late'))[0], 504)
  t.deepEqual(await ask(plugin, 'GET', '/a'), [200, '"before"'])
  const waiting = ask(plugin, 'PUT', '/a', 'after')
  await release()
  t.deepEqual(await waiting, [204, null])
  t.deepEqual(inPython(database, "SELECT value FROM plugin_kv WHERE key = 'a'"), [['after']])

  const query = "SELECT * FROM plugin_kv WHERE key = 'slow'"
  const refused = await refusedInPython(t, database, query)
  const slow = ask(plugin, 'POST', '/slow')
  t.deepEqual(await refused(), ['database is locked', []])
  t.is((await slow)[0], 200)
  t.deepEqual(inPython(database, "SELECT value FROM plugin_kv WHERE key = 'slow'"), [['written']])
})

plain('killed with -9 at any moment of its first start, it starts again', async t => {
  const data = temporaryDirectory(t)
  const file = await copied()
  for (const ms of [0, 5, 10, 20, 40, 80, 160]) {
    const plugin = await started(t, file, { args: ['--no-guardian'], env: { TORU_DATA_DIR: data } })
    const asked = requestOnce(plugin.path, { method: 'GET', path: '/a' })()
    await pause(ms)
    plugin.child.kill('SIGKILL')
    await Promise.all([asked, plugin.ended()])
  }
  const plugin = await startedIn(t, file, data)
  t.deepEqual(await ask(plugin, 'PUT', '/a', 'value'), [204, null], plugin.stderr())
  t.is(libraries(data).filter(name => name.endsWith('.node')).length, 1)
})

plain('two that start at once share the file', async t => {
  const data = temporaryDirectory(t)
  const file = await copied()
  const both = await Promise.all([startedIn(t, file, data), startedIn(t, file, data)])
  const puts = await Promise.all(both.map((plugin, n) => ask(plugin, 'PUT', `/${n}`, 'value')))
  t.deepEqual(puts, [
    [204, null],
    [204, null],
  ])
  t.deepEqual(await ask(both[0] as RunningPlugin, 'GET', '/1'), [200, '"value"'])
  t.is(libraries(data).length, 1)
})

plain('a file that was planted for the library is not loaded', async t => {
  const data = temporaryDirectory(t)
  const { sections } = O.toUndefined(packedFileIn(endOf(await copied()))) ?? { sections: [] }
  const { sha256 = '', size = 0 } = sections.find(({ name }) => name === nativeSystem()) ?? {}
  mkdirSync(join(data, 'small'), { mode: 0o700 })
  const planted = join(data, 'small', `libsql-${sha256}.node`)
  writeFileSync(planted, Buffer.alloc(size), { mode: 0o600 })
  const plugin = await startedIn(t, await copied(), data)
  t.deepEqual(await ask(plugin, 'PUT', '/a', 'value'), [204, null], plugin.stderr())
  await until(() => plugin.stderr().includes('because its hash is wrong. It was not loaded.'))
})

plain(
  'a plugin whose store cannot work says so when it starts, and clients see no path',
  async t => {
    const data = temporaryDirectory(t)
    chmodSync(data, 0o777)
    const plugin = await started(t, await copied(), { env: { TORU_DATA_DIR: data } })
    const said = 'The key-value store does not work: No data is kept in'
    await until(() => plugin.stderr().includes(said))
    t.deepEqual(await ask(plugin, 'GET', '/a'), [
      500,
      '{"error":"Io","message":"the key-value store cannot be opened"}',
    ])
    t.is(plugin.stderr().split(said).length, 2)
  },
)

const endOf = (file: string): string => readFileSync(file).subarray(-4_096).toString('latin1')

/** A copy whose last line was changed. */
const changed = (change: (text: string) => string): Promise<string> =>
  copied(bytes => {
    const at = bytes.lastIndexOf('/*toru-plugin ')
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(change(bytes.subarray(at).toString())),
    ])
  })

/** Loads what a file carries into this process. */
const loadFrom = async (t: ExecutionContext, file: string, directory = temporaryDirectory(t)) => {
  const [, main] = process.argv
  process.argv[1] = file
  t.teardown(() => {
    process.argv[1] = main ?? ''
  })
  return loadDriver(placeOf({ env: { TORU_DATA_DIR: directory } }), 'libsql')()
}

const messageFrom = async (t: ExecutionContext, file: string): Promise<string> => {
  const loaded = await loadFrom(t, file)
  return E.isLeft(loaded) ? loaded.left.message : 'it was loaded'
}

const LACKING = `Node.js ${process.version} has no SQLite of its own, and this plugin was packed`

plain('a file for another system says for which one it is, and how to pack it', async t => {
  t.is(
    await messageFrom(t, await changed(text => text.replace(nativeSystem(), 'linux-pdp11-gnu'))),
    `${LACKING} with one for linux-pdp11-gnu; this system is ${nativeSystem()}. Pack it with --arch ${nativeSystem()}, or use Node.js 22.13 or newer.`,
  )
})

plain('a file that carries none says so', async t => {
  t.is(
    await messageFrom(t, await changed(text => text.replace(/"sections":.*\]/, '"sections":[]'))),
    `${LACKING} without one. Pack it without --no-sqlite and --node, or use Node.js 22.13 or newer.`,
  )
})

plain('what was damaged on the way is not written', async t => {
  const file = await copied(bytes => {
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    return bytes
  })
  t.regex(
    await messageFrom(t, file),
    /^linux-\S+ cannot be read from \S+ \(.*\): the file is damaged, or was replaced while the plugin ran\. Copy it again, and restart the plugin\.$/,
  )
})

plain('what is no library is an error each time, and leaves nothing open', async t => {
  const file = join(folder(), 'small.binary')
  const carried = await Promise.all(
    [LIBSQL_SCRIPT, nativeSystem()].map(name => compressed(name, Buffer.from('no library'))),
  )
  writeFileSync(file, packedFile(Buffer.from(''), carried, true))
  const directory = temporaryDirectory(t)
  const open = (): number => readdirSync('/proc/self/fd').length
  const before = open()
  for (const _ of [1, 2, 3]) {
    const loaded = await loadFrom(t, file, directory)
    t.regex(E.isLeft(loaded) ? loaded.left.message : '', /^SQLite cannot be loaded from \S+ \(/)
  }
  t.is(open(), before)
})

plain('it is loaded again by the worker that checks a large database', async t => {
  const directory = temporaryDirectory(t)
  const loaded = await loadFrom(t, await copied(), directory)
  if (E.isLeft(loaded)) return t.fail(loaded.left.message)
  const driver = loaded.right
  const file = join(directory, 'large.sqlite')
  const connection = driver.open(file, 'read-write')
  connection.exec('CREATE TABLE a (b TEXT)')
  t.deepEqual(await checkInWorker(driver, file), E.right(undefined))
  writeFileSync(file, Buffer.alloc(8_192, 'x'))
  t.like(await checkInWorker(driver, file), { left: { kind: 'damaged' } })
})
