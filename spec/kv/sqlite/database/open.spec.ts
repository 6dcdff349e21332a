import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { createDatabase, type PluginDatabase } from '../../../../lib/kv/sqlite/database/create.js'
import { openDatabase } from '../../../../lib/kv/sqlite/database/open.js'
import type { SqliteDriver } from '../../../../lib/kv/sqlite/driver/driver.js'
import { startChild } from '../../child.js'
import { recordingLog } from '../../place.js'
import { drivers, temporaryDirectory, testWith } from '../../support.js'

interface Fixture {
  readonly directory: string
  readonly database: PluginDatabase
  readonly driver: SqliteDriver
}

for (const { name, driver, missing } of drivers) {
  const it = (
    title: string,
    body: (t: ExecutionContext, fixture: Fixture) => Promise<void>,
  ): void =>
    testWith(missing)(`${name}: ${title}`, t => {
      if (driver === undefined) return t.fail(missing)
      const directory = temporaryDirectory(t)
      const file = join(directory, 'kv.sqlite')
      const log = recordingLog()
      return body(t, {
        directory,
        database: { file, pluginId: 'notes', legacyFile: undefined, log },
        driver,
      })
    })

  it('a database is created only where there is none', async (t, {
    directory,
    database,
    driver,
  }) => {
    writeFileSync(database.file, 'of another process')
    t.deepEqual(await createDatabase(driver, database)(), E.right(undefined))
    t.is(readFileSync(database.file, 'utf8'), 'of another process')
    t.deepEqual(readdirSync(directory), ['kv.sqlite', 'kv.sqlite.lock'])
  })

  it('the database is locked while another process creates it', async (t, { database, driver }) => {
    const holder = startChild(t, 'file-lock', [name, database.file])
    t.is(await holder.hear(), 'locked')
    const created = await createDatabase(driver, database)()
    t.true(E.isLeft(created) && created.left.kind === 'locked')
    t.is(await holder.ask(''), 'released')
    t.deepEqual(await createDatabase(driver, database)(), E.right(undefined))
    t.is(readFileSync(database.file).subarray(0, 15).toString(), 'SQLite format 3')
  })

  it('only the damaged file is moved aside, not one that replaced it', async (t, {
    directory,
    database,
    driver,
  }) => {
    const { file } = database
    writeFileSync(file, 'damaged '.repeat(200))
    const replacing: SqliteDriver = {
      ...driver,
      open: (path, mode) => {
        // The other process is done a moment before this one takes the lock.
        if (path === `${file}.lock`) {
          renameSync(file, join(directory, 'moved by the other'))
          writeFileSync(file, 'new')
        }
        return driver.open(path, mode)
      },
    }
    const opened = await openDatabase(replacing, database)()
    t.true(E.isLeft(opened) && opened.left.kind === 'damaged')
    t.is(readFileSync(file, 'utf8'), 'new')
    t.deepEqual(readdirSync(directory), ['kv.sqlite', 'kv.sqlite.lock', 'moved by the other'])
  })
}
