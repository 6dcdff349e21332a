import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { savedInit } from '../../lib/runtime/saved-init.js'
import { tell } from '../support/host.js'
import { init } from '../support/messages.js'
import { folder } from '../support/plugin-process.js'
import { parentOf } from '../support/processes.js'
import { get, guardedPlugin } from './hosted-plugin.js'

const home = (): { readonly TORU_DATA_DIR: string; readonly file: string } => {
  const place = join(folder(), 'data')
  return { TORU_DATA_DIR: place, file: join(place, 'starter', 'init.json') }
}

test('a restarted plugin knows the instance of the last init', async t => {
  const { TORU_DATA_DIR, file } = home()
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await plugin.listening()
  await tell(plugin.path, init('instance-7'))
  t.deepEqual(await get(plugin.path), { inits: ['instance-7'], instanceId: 'instance-7' })
  const first = await plugin.pid()
  process.kill(first, 'SIGKILL')
  const second = await plugin.pid(2)
  t.not(second, first)
  t.deepEqual(await get(plugin.path), { inits: ['instance-7'], instanceId: 'instance-7' })

  t.is(statSync(file).mode & 0o777, 0o600)
  const { init: kept, guardian } = JSON.parse(readFileSync(file, 'utf8'))
  t.deepEqual(kept, { instanceId: 'instance-7', logPath: '/nowhere/plugin.log' })
  t.is(guardian.pid, parentOf(second))
})

test('the log goes on in the file that the init named', async t => {
  const { TORU_DATA_DIR } = home()
  const log = join(folder(), 'plugin.log')
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR, TORU_LOG_FILE: '1' } })
  await plugin.listening()
  await tell(plugin.path, init('one', log))
  await get(plugin.path)
  process.kill(await plugin.pid(), 'SIGKILL')
  const second = await plugin.pid(2)
  await get(plugin.path)
  t.regex(readFileSync(log, 'utf8'), new RegExp(`"pid":${second},"message":"init 1 ended"`))
})

test('an init that cannot be saved is used, and the log says so', async t => {
  const place = join(folder(), 'data')
  writeFileSync(place, 'a file')
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR: place } })
  await plugin.listening()
  await tell(plugin.path, init('one'))
  t.deepEqual(await get(plugin.path), { inits: ['one'], instanceId: 'one' })
  t.is((await plugin.entry('the init is lost at a restart: ')).level, 'Warn')
})

/** What this process saves, as if its parent were its guardian, and the file. */
const saving = (guarded = true, parent = process.ppid) => {
  const { TORU_DATA_DIR, file } = home()
  const parents = { parent, grandparent: undefined, guarded }
  return { file, saved: savedInit('starter', { TORU_DATA_DIR }, parents) }
}
const ONE = { instanceId: 'one', logPath: '/nowhere/plugin.log' }
const TWO = { ...ONE, instanceId: 'two' }

test('the last init counts', t => {
  const { saved } = saving()
  t.deepEqual(saved.load(), O.none)
  for (const init of [ONE, TWO]) t.deepEqual(saved.save(init), E.right(undefined))
  t.deepEqual(saved.load(), O.some(TWO))
})

test('an init is not used under another guardian, nor under one that has only its process id', t => {
  const { saved, file } = saving()
  saved.save(ONE)
  const { guardian, ...kept } = JSON.parse(readFileSync(file, 'utf8'))
  for (const other of [
    { ...guardian, pid: guardian.pid + 1 },
    { ...guardian, startTime: '1' },
  ]) {
    writeFileSync(file, JSON.stringify({ ...kept, guardian: other }))
    t.deepEqual(saved.load(), O.none)
  }
})

test('a damaged file is ignored', t => {
  const { saved, file } = saving()
  saved.save(ONE)
  for (const text of ['', '{', '[]', '{"init":{"instanceId":1}}']) {
    writeFileSync(file, text)
    t.deepEqual(saved.load(), O.none, text)
  }
})

test('without a guardian that is the parent nothing is saved', t => {
  for (const { saved, file } of [saving(false), saving(true, process.pid)]) {
    t.deepEqual(saved.save(ONE), E.right(undefined))
    t.deepEqual([saved.load(), existsSync(file)], [O.none, false])
  }
})
