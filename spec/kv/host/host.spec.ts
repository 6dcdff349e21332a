import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import type { ClosableKvStore } from '../../../lib/domain/kv-provider.js'
import { type HostKvOptions, hostKv } from '../../../lib/kv/host/host-kv.js'
import type { Row, SqliteDriver } from '../../../lib/kv/sqlite/driver/driver.js'
import { startChild } from '../child.js'
import { placeOf } from '../place.js'
import {
  countTurns,
  drivers,
  left,
  right,
  saidIn,
  temporaryDirectory,
  testWith,
} from '../support.js'
import { hostDatabase } from './host-database.js'

const storeOf = (t: ExecutionContext, options: HostKvOptions): ClosableKvStore => {
  const kv = hostKv(options)(placeOf())
  t.teardown(() => kv.close())
  return kv
}

const query = (driver: SqliteDriver, path: string, sql: string): ReadonlyArray<unknown> => {
  const connection = driver.open(path, 'read-only')
  const rows = connection.prepare(sql).all()
  connection.close()
  return rows.map(({ _metadata, ...row }: Row) => ({ ...row }))
}

for (const { name, driver, missing } of drivers) {
  const it = (
    title: string,
    body: (t: ExecutionContext, path: string, host: SqliteDriver) => Promise<void>,
  ): void =>
    testWith(missing)(`${name}: ${title}`, async t => {
      const path = join(temporaryDirectory(t), 'steering.db')
      if (driver !== undefined) await body(t, path, driver)
    })

  it('the plugin writes rows of the host’s table, and only its own', async (t, path, host) => {
    hostDatabase(host, path)
    const kv = storeOf(t, { path, driver: name })
    await right(kv.set('key', 'ours'))
    const rows = (): ReadonlyArray<unknown> =>
      query(host, path, 'SELECT * FROM plugin_kv ORDER BY plugin_id')
    const theirs = { plugin_id: 'another', key: 'key', value: 'theirs' }
    t.deepEqual(rows(), [theirs, { plugin_id: 'notes', key: 'key', value: 'ours' }])
    t.deepEqual(await right(kv.entries()), [['key', 'ours']])
    await right(kv.clear())
    t.deepEqual(rows(), [theirs])
    t.deepEqual(
      await right(storeOf(t, { path, driver: name, pluginId: 'another' }).get('key')),
      O.some('theirs'),
    )
  })

  it('the host’s journal mode and schema do not change', async (t, path, host) => {
    hostDatabase(host, path)
    const before = [
      query(host, path, 'PRAGMA journal_mode'),
      query(host, path, 'SELECT sql FROM sqlite_master'),
    ]
    const kv = storeOf(t, { path, driver: name })
    await right(kv.set('key', 'value'))
    await right(kv.close)
    t.deepEqual(
      [
        query(host, path, 'PRAGMA journal_mode'),
        query(host, path, 'SELECT sql FROM sqlite_master'),
      ],
      before,
    )
    t.deepEqual(before[0], [{ journal_mode: 'delete' }])
  })

  it('it reads what the browser stored, also NULL, a number and bytes', async (t, path, host) => {
    hostDatabase(host, path)
    const connection = host.open(path, 'read-write')
    connection.exec(
      `INSERT INTO plugin_kv VALUES ('notes', 'null', NULL), ('notes', 'number', 5), ('notes', 'bytes', X'68c3a9')`,
    )
    connection.close()
    const kv = storeOf(t, { path, driver: name })
    t.deepEqual(await right(kv.entries()), [
      ['bytes', 'hé'],
      ['number', '5'],
    ])
    t.deepEqual(await right(kv.get('null')), O.none)
    t.deepEqual(
      await right(
        kv.update(
          'null',
          O.alt(() => O.some('set')),
        ),
      ),
      O.some('set'),
    )
  })

  it('a missing file is an error, is not created, and is found later', async (t, path, host) => {
    const kv = storeOf(t, { path, driver: name })
    const message = `There is no host database at ${path}. A plugin finds it in the working directory that the host gives it; elsewhere, name it: hostKv({ path }).`
    const expected = {
      _tag: 'Io',
      message: 'the key-value store cannot be opened',
      cause: { _tag: 'Io', message },
    } as const
    t.deepEqual(await left(kv.get('key')), expected)
    t.deepEqual(await left(kv.set('key', 'value')), expected)
    t.deepEqual(await left(kv.check), expected.cause)
    t.false(existsSync(path))
    hostDatabase(host, path)
    await right(kv.set('key', 'value'))
  })

  it('a database without the table is an error, and gets no table', async (t, path, host) => {
    const connection = host.open(path, 'read-write')
    connection.exec('CREATE TABLE settings (key TEXT)')
    connection.close()
    const kv = storeOf(t, { path, driver: name })
    const [forClients, forTheLog] = saidIn(await left(kv.set('key', 'value')))
    t.is(forClients, 'the key-value store cannot be opened')
    t.true(forTheLog.startsWith(`${path} has no table plugin_kv, so it is not the host's. `))
    t.deepEqual(query(host, path, 'SELECT name FROM sqlite_master'), [{ name: 'settings' }])
  })

  it('while the host writes, operations wait until the deadline', async (t, path, host) => {
    hostDatabase(host, path)
    const patient = storeOf(t, { path, driver: name, deadlineMs: 20_000 })
    const hasty = storeOf(t, { path, driver: name, deadlineMs: 1_000 })
    await right(patient.set('key', 'before'))
    await right(hasty.get('key'))
    const holder = startChild(t, 'lock-holder', [name, path, 'BEGIN EXCLUSIVE'])
    t.is(await holder.hear(), 'locked')
    const turns = countTurns()
    const waiting = Promise.all([right(patient.set('key', 'after')), right(patient.get('key'))])
    const errors = await Promise.all([
      left(hasty.get('key')),
      left(hasty.set('key', 'never')),
      left(hasty.entries()),
    ])
    const turned = turns()
    t.deepEqual(
      errors.map(error => error._tag),
      ['Timeout', 'Timeout', 'Timeout'],
    )
    t.true(turned > 10, `the event loop turned ${turned} times`)
    t.is(await holder.ask(''), 'released')
    await waiting
    t.deepEqual(await right(hasty.get('key')), O.some('after'))
    // What waited has let go: the host is not shut out.
    t.is(await holder.ask(''), 'locked')
    t.is(await holder.ask(''), 'released')
  })

  it('while the host reads, a write waits until it has finished', async (t, path, host) => {
    hostDatabase(host, path)
    const kv = storeOf(t, { path, driver: name, deadlineMs: 1_000 })
    await right(kv.set('key', 'before'))
    const holder = startChild(t, 'lock-holder', [
      name,
      path,
      'BEGIN; CREATE TEMP TABLE IF NOT EXISTS seen AS SELECT * FROM plugin_kv',
    ])
    t.is(await holder.hear(), 'locked')
    t.is((await left(kv.set('key', 'x'.repeat(4_000_000))))._tag, 'Timeout')
    t.deepEqual(await right(kv.get('key')), O.some('before'))
    t.is(await holder.ask(''), 'released')
    await right(kv.set('key', 'after'))
    t.deepEqual(await right(kv.get('key')), O.some('after'))
    t.deepEqual(query(host, path, `SELECT value FROM plugin_kv WHERE plugin_id = 'notes'`), [
      { value: 'after' },
    ])
  })
}
