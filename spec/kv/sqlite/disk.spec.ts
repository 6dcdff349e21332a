import { appendFileSync, chmodSync, chownSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { ClosableKvStore } from '../../../lib/domain/kv-provider.js'
import { type SqliteKvOptions, sqliteKv } from '../../../lib/kv/sqlite/sqlite-kv.js'
import { ordinaryUser } from '../../support/ordinary-user.js'
import { startChild } from '../child.js'
import { placeOf } from '../place.js'
import { drivers, left, nodeIs, right, saidIn, temporaryDirectory, testWith } from '../support.js'
import { noTmpfs, type Tmpfs, tmpfs } from '../tmpfs.js'

const storeIn = (t: ExecutionContext, options: SqliteKvOptions): ClosableKvStore => {
  const kv = sqliteKv({ legacyFile: null, ...options })(placeOf())
  t.teardown(() => kv.close())
  return kv
}

/** Takes what room there is left on a disk. */
const fillUp = (disk: Tmpfs, name: string): void => {
  const file = join(disk.path, name)
  writeFileSync(file, '')
  for (const piece of [65_536, 4_096, 1]) {
    while (E.isRight(E.tryCatch(() => appendFileSync(file, Buffer.alloc(piece)), String)));
  }
}

for (const { name, missing } of drivers) {
  const it = testWith(missing ?? noTmpfs)

  it(`${name}: a full disk fails writes but not reads, until there is room again`, async t => {
    const disk = tmpfs(t, 1_024)
    const kv = storeIn(t, { file: join(disk.path, 'kv.sqlite'), driver: name })
    await right(kv.set('kept', 'value'))
    const stored: string[] = []
    const value = 'x'.repeat(50_000)
    const fill = async (): Promise<readonly [string, string]> => {
      for (let i = 0; ; i++) {
        const answer = await kv.set(`fill ${i}`, value)()
        if (E.isLeft(answer)) return saidIn(answer.left)
        stored.push(`fill ${i}`)
      }
    }
    t.deepEqual(await fill(), [
      'nothing can be written to the key-value store: its disk has no room left',
      `Nothing can be written to ${join(disk.path, 'kv.sqlite')} (database or disk is full): the disk has no room left. Make some.`,
    ])
    t.true(stored.length > 3)
    fillUp(disk, 'filler')
    t.is((await left(kv.set('more', value)))._tag, 'Io')
    t.is((await left(kv.update('kept', () => O.some(value))))._tag, 'Io')
    t.deepEqual(await right(kv.get('kept')), O.some('value'))
    t.deepEqual([...(await right(kv.keys('fill')))].sort(), [...stored].sort())
    rmSync(join(disk.path, 'filler'))
    await right(kv.delete('fill 0'))
    await right(kv.set('kept', 'another'))
    t.deepEqual(await right(kv.get('kept')), O.some('another'))
  })

  it(`${name}: a disk that is full at first stores nothing until there is room`, async t => {
    const disk = tmpfs(t, 1_024)
    fillUp(disk, 'filler')
    const kv = storeIn(t, { file: join(disk.path, 'kv.sqlite'), driver: name })
    t.is((await left(kv.set('key', 'value')))._tag, 'Io')
    t.is((await left(kv.get('key')))._tag, 'Io')
    rmSync(join(disk.path, 'filler'))
    await right(kv.set('key', 'value'))
    t.deepEqual(await right(kv.get('key')), O.some('value'))
    t.deepEqual(
      readdirSync(disk.path).filter(file => !/^kv\.sqlite(-wal|-shm|\.lock)?$/.test(file)),
      [],
    )
  })

  // Node.js before 22.15 opens no URI, and so no file without its companions.
  const withUri =
    name === 'node:sqlite' && !nodeIs(22, 15)
      ? 'Node.js 22.15 opens a file without its companions'
      : undefined
  const itReads = withUri === undefined ? it : (): void => undefined

  itReads(`${name}: a store on a read-only or full disk is read, and later written`, async t => {
    const disk = tmpfs(t, 1_024)
    const file = join(disk.path, 'kv.sqlite')
    const filler = startChild(t, 'fill', [name, file, '3'])
    t.is(await filler.hear(), 'done')
    await filler.kill()
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
    const kv = storeIn(t, { file, driver: name })

    disk.remount('ro')
    t.deepEqual(await right(kv.keys()), ['key 0', 'key 1', 'key 2'])
    const readOnly = await left(kv.set('key', 'value'))
    t.is(readOnly._tag, 'Io')
    t.regex(readOnly.message, /read-only/)
    t.deepEqual(await right(kv.get('key')), O.none)

    disk.remount('rw')
    fillUp(disk, 'filler')
    t.deepEqual(await right(kv.keys()), ['key 0', 'key 1', 'key 2'])
    const full = await left(kv.set('key', 'value'))
    t.is(full._tag, 'Io')
    t.regex(full.message, /no room left/)
    t.deepEqual(await right(kv.keys('key 2')), ['key 2'])

    rmSync(join(disk.path, 'filler'))
    await right(kv.set('key', 'value'))
    t.deepEqual(await right(kv.get('key')), O.some('value'))
  })

  if (withUri === undefined) {
    testWith(missing)(
      `${name}: in a read-only directory reads work and writes are errors`,
      async t => {
        const directory = temporaryDirectory(t)
        const file = join(directory, 'kv.sqlite')
        const filler = startChild(t, 'fill', [name, file, '3'])
        t.is(await filler.hear(), 'done')
        await filler.kill()
        for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
        chmodSync(directory, 0o555)
        t.teardown(() => chmodSync(directory, 0o700))
        // Root may write everywhere, so it lets somebody else try.
        chownSync(file, ordinaryUser.uid, ordinaryUser.gid)
        const reader = startChild(t, 'store-process', ['sqlite', name, file], ordinaryUser)
        const value = { _tag: 'Some', value: 'x'.repeat(1_100) }
        t.deepEqual(JSON.parse(await reader.ask('["get","key 1"]')), {
          _tag: 'Right',
          right: value,
        })
        const refused = JSON.parse(await reader.ask('["set","key","value"]'))
        t.is(refused.left._tag, 'Io')
        t.regex(refused.left.message, /read-only/)
        t.deepEqual(JSON.parse(await reader.ask('["get","key 1"]')), {
          _tag: 'Right',
          right: value,
        })
      },
    )
  }

  it(`${name}: a killed store is read on a disk that became read-only`, async t => {
    const disk = tmpfs(t, 1_024)
    const file = join(disk.path, 'kv.sqlite')
    const child = startChild(t, 'store-process', ['sqlite', name, file])
    t.deepEqual(JSON.parse(await child.ask('["set","key","in the log"]')), { _tag: 'Right' })
    await child.kill()
    t.true(readdirSync(disk.path).includes('kv.sqlite-wal'))
    disk.remount('ro')
    const reader = startChild(t, 'store-process', ['sqlite', name, file])
    t.deepEqual(JSON.parse(await reader.ask('["get","key"]')).right, {
      _tag: 'Some',
      value: 'in the log',
    })
    t.like(JSON.parse(await reader.ask('["set","key","value"]')), {
      _tag: 'Left',
      left: { _tag: 'Io' },
    })
    t.deepEqual(JSON.parse(await reader.ask('["get","key"]')).right, {
      _tag: 'Some',
      value: 'in the log',
    })
    await reader.kill()
    disk.remount('rw')
    const writer = startChild(t, 'store-process', ['sqlite', name, file])
    t.deepEqual(JSON.parse(await writer.ask('["set","key","value"]')), { _tag: 'Right' })
  })
}
