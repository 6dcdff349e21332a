import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { hostKv } from '../../../lib/kv/host/host-kv.js'
import { sqliteKv } from '../../../lib/kv/sqlite/sqlite-kv.js'
import { startChild } from '../child.js'
import { hostDatabase } from '../host/host-database.js'
import { placeOf } from '../place.js'
import { drivers, left, right, temporaryDirectory, testWith } from '../support.js'
import { noTmpfs, tmpfs } from '../tmpfs.js'

// What a plugin finds out about its store when it starts.

for (const { name, driver, missing } of drivers) {
  const it = testWith(missing)
  const storeIn = (directory: string) =>
    sqliteKv({ driver: name, legacyFile: null })(placeOf({ env: { TORU_DATA_DIR: directory } }))

  it(`${name}: a store that can be created is fine, and is not created`, async t => {
    const directory = temporaryDirectory(t)
    const store = storeIn(join(directory, 'new'))
    t.is(await right(store.check), undefined)
    t.deepEqual(readdirSync(join(directory, 'new', 'notes')), [])
    await right(store.close)
  })

  it(`${name}: one that is there is fine, and keeps what it has`, async t => {
    const directory = temporaryDirectory(t)
    const first = storeIn(directory)
    await right(first.set('key', 'value'))
    await right(first.close)
    const store = storeIn(directory)
    t.is(await right(store.check), undefined)
    t.deepEqual(await right(store.entries()), [['key', 'value']])
    await right(store.close)
  })

  it(`${name}: a directory for everybody is an error that says what to do`, async t => {
    const directory = temporaryDirectory(t)
    chmodSync(directory, 0o777)
    t.deepEqual(await left(storeIn(directory).check), {
      _tag: 'Io',
      message:
        `No data is kept in ${directory}: every user of this machine may write to it. ` +
        `Run \`chmod o-w ${directory}\`, or: Set TORU_DATA_DIR to a directory of your own.`,
    })
  })

  it(`${name}: something else with its name is an error`, async t => {
    const directory = temporaryDirectory(t)
    mkdirSync(join(directory, 'notes', 'kv.sqlite'), { recursive: true })
    t.is(
      (await left(storeIn(directory).check)).message,
      `The database ${join(directory, 'notes', 'kv.sqlite')} failed (it is not a file).`,
    )
  })

  it(`${name}: a lock that is held past the deadline is an error`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const store = sqliteKv({ driver: name, file, legacyFile: null, deadlineMs: 300 })(placeOf())
    await right(store.set('key', 'value'))
    const holder = startChild(t, 'lock-holder', [name, file, 'BEGIN IMMEDIATE'])
    t.is(await holder.hear(), 'locked')
    t.is(
      (await left(store.check)).message,
      `Another process keeps the database ${file} locked (database is locked).`,
    )
    t.is(await holder.ask(''), 'released')
    t.is(await right(store.check), undefined)
    await right(store.close)
  })

  it(`${name}: the check of the host's database changes no row of it`, async t => {
    if (driver === undefined) return
    const path = join(temporaryDirectory(t), 'steering.db')
    hostDatabase(driver, path)
    const connection = driver.open(path, 'read-write')
    connection.exec("INSERT INTO plugin_kv VALUES ('notes', '', 'with an empty key')")
    const store = hostKv({ path, driver: name })(placeOf())
    t.is(await right(store.check), undefined)
    t.deepEqual(connection.prepare('SELECT value FROM plugin_kv ORDER BY key').all(), [
      { value: 'with an empty key' },
      { value: 'theirs' },
    ])
    connection.close()
    await right(store.close)
  })

  testWith(missing ?? noTmpfs)(
    `${name}: a read-only disk is an error, with data and without`,
    async t => {
      const { path, remount } = tmpfs(t, 512)
      mkdirSync(join(path, 'notes'), { mode: 0o700 })
      remount('ro')
      const file = join(path, 'notes', 'kv.sqlite')
      const expected = new RegExp(
        `^Nothing can be written to ${file} \\(.*\\): the file, its directory or its disk is read-only\\. Make it writable\\.$`,
      )
      t.regex((await left(storeIn(path).check)).message, expected)
      remount('rw')
      // In a process of its own: what is open for writing keeps a disk from being read-only.
      const writer = startChild(t, 'store-process', ['sqlite', name, file])
      t.is(JSON.parse(await writer.ask('["set","key","value"]'))._tag, 'Right')
      await writer.kill()
      remount('ro')
      t.regex((await left(storeIn(path).check)).message, expected)
    },
  )

  testWith(missing ?? noTmpfs)(
    `${name}: a full disk is an error before there is any data`,
    async t => {
      const { path } = tmpfs(t, 64)
      E.tryCatch(() => writeFileSync(join(path, 'filler'), Buffer.alloc(64 * 1024)), E.toError)
      t.regex(
        (await left(storeIn(path).check)).message,
        /the disk has no room left\. Make some\.$|ENOSPC/,
      )
    },
  )
}
