import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { ClosableKvStore } from '../../../../lib/domain/kv-provider.js'
import { checkInWorker } from '../../../../lib/kv/sqlite/database/integrity-check.js'
import type { SqliteDriverName } from '../../../../lib/kv/sqlite/driver/driver.js'
import { type SqliteKvOptions, sqliteKv } from '../../../../lib/kv/sqlite/sqlite-kv.js'
import { startChild } from '../../child.js'
import { placeOf, type RecordingLog, recordingLog } from '../../place.js'
import { drivers, left, right, saidIn, temporaryDirectory, testWith } from '../../support.js'

const MIB = 1_048_576

interface Fixture {
  readonly directory: string
  readonly file: string
  readonly log: RecordingLog
  readonly open: (options?: SqliteKvOptions) => ClosableKvStore
  /**
   * Makes a database of n values of a KiB and a bit, `key 0` and so on, in another process, so that
   * nothing of it is open here.
   */
  readonly fill: (n: number) => Promise<void>
  readonly movedAside: () => ReadonlyArray<string>
}

const fixtureOf = (t: ExecutionContext, driver: SqliteDriverName): Fixture => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'kv.sqlite')
  const log = recordingLog()
  return {
    directory,
    file,
    log,
    open: options => {
      const kv = sqliteKv({ file, driver, legacyFile: null, ...options })(placeOf({ log }))
      t.teardown(() => kv.close())
      return kv
    },
    fill: async n => {
      const filler = startChild(t, 'fill', [driver, file, String(n)])
      t.is(await filler.hear(), 'done')
      await filler.kill()
    },
    movedAside: () => readdirSync(directory).filter(name => name.includes('.damaged-')),
  }
}

const overwrite = (file: string, from: number, bytes: number): void => {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(bytes, 0xa5), 0, bytes, from)
  closeSync(descriptor)
}

for (const { name, driver, missing } of drivers) {
  const it = (
    title: string,
    body: (t: ExecutionContext, fixture: Fixture) => Promise<void>,
  ): void => testWith(missing)(`${name}: ${title}`, t => body(t, fixtureOf(t, name)))

  it('a file that is no database is moved aside, and a new one is created', async (t, {
    directory,
    file,
    log,
    open,
    movedAside,
  }) => {
    const contents = {
      '': 'this is no database\n'.repeat(500),
      '-shm': 'its index',
      '-wal': 'its log',
    }
    for (const [suffix, text] of Object.entries(contents)) writeFileSync(file + suffix, text)
    const kv = open()
    t.deepEqual(await right(kv.get('key')), O.none)
    await right(kv.set('key', 'value'))
    t.deepEqual(await right(kv.entries()), [['key', 'value']])

    const [aside = ''] = movedAside()
    t.regex(aside, /^kv\.sqlite\.damaged-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/)
    t.deepEqual(
      movedAside(),
      Object.keys(contents)
        .map(suffix => aside + suffix)
        .sort(),
    )
    t.is(readFileSync(join(directory, aside), 'utf8'), contents[''])
    t.is(readFileSync(join(directory, `${aside}-wal`), 'utf8'), contents['-wal'])
    t.deepEqual(log.entries, [
      `error: The database ${file} is damaged. It was moved to ${join(directory, aside)}, and a new, empty one is created.`,
    ])
    t.is(statSync(file).mode & 0o777, 0o600)
  })

  it('a database with an overwritten page is moved aside unchanged', async (t, {
    directory,
    file,
    open,
    fill,
    movedAside,
  }) => {
    await fill(100)
    overwrite(file, 5 * 4_096, 2 * 4_096)
    const damaged = readFileSync(file)
    const kv = open()
    t.deepEqual(await right(kv.keys()), [])
    t.true(readFileSync(join(directory, movedAside()[0] ?? '')).equals(damaged))
  })

  it('a truncated database is moved aside', async (t, { file, open, fill, movedAside }) => {
    await fill(100)
    truncateSync(file, 10 * 4_096)
    t.deepEqual(await right(open().keys()), [])
    t.is(movedAside().filter(moved => moved.endsWith('Z')).length, 1)
  })

  it('a second damaged file does not replace the first one', async (t, {
    file,
    open,
    movedAside,
  }) => {
    for (let i = 1; i <= 3; i++) {
      writeFileSync(file, `nonsense ${i} `.repeat(200))
      for (const suffix of ['-wal', '-shm'])
        if (existsSync(file + suffix)) writeFileSync(file + suffix, '')
      const kv = open()
      await right(kv.set('key', 'value'))
      await right(kv.close)
      t.is(movedAside().filter(moved => moved.endsWith('Z') || /-\d$/.test(moved)).length, i)
    }
  })

  it('a log without its database is kept', async (t, { directory, file, open, movedAside }) => {
    writeFileSync(`${file}-wal`, 'a log that may hold all there was')
    await right(open().set('key', 'value'))
    t.is(
      readFileSync(
        join(directory, movedAside().find(moved => moved.endsWith('-wal')) ?? ''),
        'utf8',
      ),
      'a log that may hold all there was',
    )
  })

  it('an empty file is a new database', async (t, { file, open, movedAside }) => {
    writeFileSync(file, '')
    await right(open().set('key', 'value'))
    t.deepEqual(movedAside(), [])
  })

  it('a directory in the place of the file is an error and is not moved', async (t, {
    file,
    open,
    movedAside,
  }) => {
    mkdirSync(file)
    const kv = open()
    t.like(await left(kv.get('key')), { _tag: 'Io' })
    t.like(await left(kv.set('key', 'value')), { _tag: 'Io' })
    t.deepEqual(movedAside(), [])
  })

  it('damage found later is an error, and the next operation gets a new file', async (t, {
    file,
    open,
    fill,
    movedAside,
  }) => {
    await fill(5_000)
    const kv = open()
    t.is((await right(kv.keys('key 10'))).length, 111)
    const pages = statSync(file).size / 4_096
    const damage = startChild(t, 'overwrite', [
      file,
      String(4_096 * 100),
      String(4_096 * (pages - 200)),
    ])
    t.is(await damage.hear(), 'done')
    const error = await left(kv.entries())
    t.deepEqual(saidIn(error), [
      'the key-value store is damaged',
      `The database ${file} is damaged (database disk image is malformed).`,
    ])
    t.deepEqual(movedAside(), [])
    t.deepEqual(await right(kv.get('key 1')), O.none)
    t.not(movedAside().length, 0)
    await right(kv.set('key', 'value'))
  })

  it('a worker checks a large file, which is moved aside only if it is damaged', async (t, {
    file,
    open,
    fill,
    movedAside,
  }) => {
    if (driver === undefined) return t.fail()
    await fill(9_000)
    t.true(statSync(file).size > 8 * MIB)
    t.deepEqual(await checkInWorker(driver, file), E.right(undefined))
    const sound = open()
    t.is((await right(sound.keys())).length, 9_000)
    await right(sound.close)
    t.deepEqual(movedAside(), [])

    overwrite(file, 4 * MIB, MIB)
    const verdict = await checkInWorker(driver, file)
    t.true(verdict !== undefined && E.isLeft(verdict) && verdict.left.kind === 'damaged')
    const fresh = open()
    t.deepEqual(await right(fresh.keys()), [])
    t.not(movedAside().length, 0)
  })

  it('a large file that is no database is moved aside', async (t, { file, open, movedAside }) => {
    writeFileSync(file, Buffer.alloc(9 * MIB, 'no database '))
    t.deepEqual(await right(open().keys()), [])
    t.is(movedAside().filter(moved => moved.endsWith('Z')).length, 1)
  })

  it('a damaged database is not replaced by the data of an earlier version', async (t, {
    directory,
    file,
    open,
  }) => {
    const legacyFile = join(directory, 'notes.json')
    writeFileSync(legacyFile, '{"key":"old"}')
    writeFileSync(file, 'nonsense '.repeat(200))
    t.deepEqual(await right(open({ legacyFile }).get('key')), O.none)
  })
}
