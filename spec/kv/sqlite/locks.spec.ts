import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import type { ClosableKvStore } from '../../../lib/domain/kv-provider.js'
import type { SqliteDriverName } from '../../../lib/kv/sqlite/driver/driver.js'
import { sqliteKv } from '../../../lib/kv/sqlite/sqlite-kv.js'
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

const storeIn = (
  t: ExecutionContext,
  file: string,
  driver: SqliteDriverName,
  deadlineMs: number,
): ClosableKvStore => {
  const kv = sqliteKv({ file, driver, deadlineMs, legacyFile: null })(placeOf())
  t.teardown(() => kv.close())
  return kv
}

for (const { name, missing } of drivers) {
  const it = testWith(missing)

  it(`${name}: a lock held past the deadline is a Timeout, and blocks no read`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const kv = storeIn(t, file, name, 1_500)
    await right(kv.set('key', 'before'))
    const holder = startChild(t, 'lock-holder', [name, file, 'BEGIN IMMEDIATE'])
    t.is(await holder.hear(), 'locked')

    const turns = countTurns()
    const failed = left(kv.set('key', 'after'))
    t.deepEqual(await right(kv.get('key')), O.some('before'))
    t.deepEqual(await right(kv.entries()), [['key', 'before']])
    const error = await failed
    const turned = turns()

    t.is(error._tag, 'Timeout')
    t.deepEqual(saidIn(error), [
      'the key-value store stayed locked for 1500 ms',
      `Another process keeps the database ${file} locked (database is locked).`,
    ])
    t.true(turned > 10, `the event loop turned ${turned} times`)
    t.is(await holder.ask(''), 'released')
    t.deepEqual(await right(kv.get('key')), O.some('before'))
  })

  it(`${name}: writes wait for a lock and then happen in order`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const kv = storeIn(t, file, name, 10_000)
    await right(kv.set('key', 'before'))
    const holder = startChild(t, 'lock-holder', [name, file, 'BEGIN IMMEDIATE'])
    t.is(await holder.hear(), 'locked')
    const writes = Promise.all([
      right(kv.set('key', '1')),
      right(kv.update('key', current => O.some(`${O.toUndefined(current)}, then 2`))),
      right(kv.set('other', '3')),
    ])
    t.deepEqual(await right(kv.get('key')), O.some('before'))
    t.is(await holder.ask(''), 'released')
    t.deepEqual(await writes, [undefined, O.some('1, then 2'), undefined])

    const other = startChild(t, 'store-process', ['sqlite', name, file])
    t.deepEqual(JSON.parse(await other.ask('["entries"]')).right, [
      ['key', '1, then 2'],
      ['other', '3'],
    ])
    t.is(JSON.parse(await other.ask('["set","key","theirs"]'))._tag, 'Right')
    t.deepEqual(await right(kv.get('key')), O.some('theirs'))
  })

  it(`${name}: a write behind one that timed out does so too, and never happens`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const kv = storeIn(t, file, name, 1_500)
    await right(kv.set('key', 'before'))
    const holder = startChild(t, 'lock-holder', [name, file, 'BEGIN IMMEDIATE'])
    t.is(await holder.hear(), 'locked')
    const errors = await Promise.all([
      left(kv.set('key', '1')),
      left(kv.set('key', '2')),
      left(kv.clear()),
    ])
    t.deepEqual(
      errors.map(error => error._tag),
      ['Timeout', 'Timeout', 'Timeout'],
    )
    t.is(await holder.ask(''), 'released')
    await right(kv.set('another', 'x'))
    t.deepEqual(await right(kv.entries()), [
      ['another', 'x'],
      ['key', 'before'],
    ])
  })

  it(`${name}: a database that is locked while it is opened is not damaged`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const holder = startChild(t, 'lock-holder', [
      name,
      file,
      'CREATE TABLE other (x); BEGIN EXCLUSIVE',
    ])
    t.is(await holder.hear(), 'locked')
    const kv = storeIn(t, file, name, 1_500)
    t.is((await left(kv.get('key')))._tag, 'Timeout')
    t.is(await holder.ask(''), 'released')
    await right(kv.set('key', 'value'))
    t.deepEqual(await right(kv.get('key')), O.some('value'))
  })

  it(`${name}: two processes update one key and lose nothing`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const processes = ['a', 'b'].map(text => ({
      text,
      child: startChild(t, 'store-process', ['sqlite', name, file]),
    }))
    const answers = await Promise.all(
      processes.map(({ text, child }) => child.ask(JSON.stringify(['append', 'log', text, '100']))),
    )
    t.deepEqual(
      answers.map(answer => JSON.parse(answer)),
      [
        { _tag: 'Right', right: 100 },
        { _tag: 'Right', right: 100 },
      ],
    )
    const log = O.toUndefined(await right(storeIn(t, file, name, 30_000).get('log'))) ?? ''
    t.is(log.length, 200)
    t.is(log.replaceAll('b', '').length, 100)
  })

  it(`${name}: a file that is replaced while it is open is opened again`, async t => {
    const directory = temporaryDirectory(t)
    const file = join(directory, 'kv.sqlite')
    const kv = storeIn(t, file, name, 30_000)
    await right(kv.set('key', 'first file'))
    for (const suffix of ['-wal', '-shm', ''])
      renameSync(file + suffix, join(directory, `old.sqlite${suffix}`))
    t.deepEqual(await right(kv.get('key')), O.none)
    await right(kv.set('key', 'second file'))
    const old = storeIn(t, join(directory, 'old.sqlite'), name, 30_000)
    t.deepEqual(await right(old.get('key')), O.some('first file'))
    t.deepEqual(await right(kv.get('key')), O.some('second file'))
  })
}
