import { existsSync, lutimesSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { withFileLock } from '../../../../lib/kv/sqlite/database/lock.js'
import { startChild } from '../../child.js'
import { drivers, temporaryDirectory, testWith } from '../../support.js'

for (const { name, driver, missing } of drivers) {
  if (driver === undefined) {
    testWith(missing)(`${name}: the lock of a database file`, t => t.fail())
    continue
  }
  const it = testWith(missing)

  /** What comes of an attempt to take the lock here. */
  const attempt = (file: string): string => {
    const held = withFileLock(driver, file, () => E.right('held'))
    return E.isRight(held) ? held.right : held.left.kind
  }

  it(`${name}: one process at a time holds the lock, and its file stays empty`, async t => {
    const directory = temporaryDirectory(t)
    const file = join(directory, 'kv.sqlite')
    const holder = startChild(t, 'file-lock', [name, file])
    t.is(await holder.hear(), 'locked')
    t.is(attempt(file), 'locked')
    t.is(await startChild(t, 'file-lock', [name, file]).hear(), 'no lock: locked')
    t.is(await holder.ask(''), 'released')
    t.is(attempt(file), 'held')
    t.deepEqual(readdirSync(directory), ['kv.sqlite.lock'])
    const { size, mode } = statSync(`${file}.lock`)
    t.deepEqual({ size, mode: mode & 0o777 }, { size: 0, mode: 0o600 })
  })

  it(`${name}: a holder that was stopped for a minute still holds the lock`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const holder = startChild(t, 'file-lock', [name, file])
    t.is(await holder.hear(), 'locked')
    const minuteAgo = Date.now() / 1_000 - 60
    lutimesSync(`${file}.lock`, minuteAgo, minuteAgo)
    t.deepEqual([attempt(file), attempt(file)], ['locked', 'locked'])
    t.is(await holder.ask(''), 'released')
    t.is(attempt(file), 'held')
  })

  it(`${name}: the lock of a killed process is free at once, for one process`, async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const killed = startChild(t, 'file-lock', [name, file])
    t.is(await killed.hear(), 'locked')
    await killed.kill()
    t.true(existsSync(`${file}.lock`))
    const next = [1, 2, 3].map(() => startChild(t, 'file-lock', [name, file]))
    const heard = await Promise.all(next.map(child => child.hear()))
    t.deepEqual(heard.sort(), ['locked', 'no lock: locked', 'no lock: locked'])
  })
}
