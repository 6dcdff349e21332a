import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { tell } from '../support/host.js'
import { init } from '../support/messages.js'
import { folder, startPlugin } from '../support/plugin-process.js'
import { parentOf } from '../support/processes.js'
import { get, guardedPlugin, hostedPlugin } from './hosted-plugin.js'

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

test('the last init counts', async t => {
  const { TORU_DATA_DIR } = home()
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await plugin.listening()
  for (const id of ['one', 'two']) {
    await tell(plugin.path, init(id))
    t.like(await get(plugin.path), { instanceId: id })
  }
  process.kill(await plugin.pid(), 'SIGKILL')
  await plugin.pid(2)
  t.deepEqual(await get(plugin.path), { inits: ['two'], instanceId: 'two' })
})

test('an init is not used under another guardian', async t => {
  const { TORU_DATA_DIR, file } = home()
  const earlier = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await earlier.listening()
  await tell(earlier.path, init('one'))
  await get(earlier.path)
  earlier.child.kill('SIGKILL')
  await earlier.exited
  t.true(existsSync(file))
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await plugin.listening()
  t.deepEqual(await get(plugin.path), { inits: [null], instanceId: null })
})

test('nor under a guardian that has only the same process id', async t => {
  const { TORU_DATA_DIR, file } = home()
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await plugin.listening()
  await tell(plugin.path, init('one'))
  await get(plugin.path)
  const kept = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...kept, guardian: { ...kept.guardian, startTime: '1' } }))
  process.kill(await plugin.pid(), 'SIGKILL')
  await plugin.pid(2)
  t.deepEqual(await get(plugin.path), { inits: [null], instanceId: null })
})

test('a damaged file is ignored', async t => {
  const { TORU_DATA_DIR, file } = home()
  const plugin = guardedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await plugin.listening()
  await tell(plugin.path, init('one'))
  await get(plugin.path)
  for (const [nth, text] of ['', '{', '[]', '{"init":{"instanceId":1}}'].entries()) {
    writeFileSync(file, text)
    process.kill(await plugin.pid(nth + 1), 'SIGKILL')
    await plugin.pid(nth + 2)
    t.deepEqual(await get(plugin.path), { inits: [null], instanceId: null }, text)
  }
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

test('without a guardian nothing is saved', async t => {
  const { TORU_DATA_DIR } = home()
  const hosted = hostedPlugin(t, 'starter', { env: { TORU_DATA_DIR } })
  await hosted.listening()
  await tell(hosted.path, init('one'))
  t.deepEqual(await get(hosted.path), { inits: ['one'], instanceId: 'one' })
  // A guardian that is not the parent: the environment of another plugin.
  const child = await startPlugin(t, 'starter', {
    env: { TORU_DATA_DIR, TORU_GUARDIAN: String(process.ppid) },
  })
  await tell(child.path, init('one'))
  t.like(await get(child.path), { instanceId: 'one' })
  t.false(existsSync(TORU_DATA_DIR))
})
