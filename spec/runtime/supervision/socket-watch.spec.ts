import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { listenAt } from '../../../lib/transport/socket-file/socket-file.js'
import { connectHost } from '../../support/host.js'
import { bodyIn, http } from '../../support/messages.js'
import { folder, type PluginProcess, socketAt, startPlugin } from '../../support/plugin-process.js'
import { timed } from '../../support/processes.js'
import { get, hostedPlugin } from '../hosted-plugin.js'

const IN_ORDER = { code: 0, signal: null }

test('a plugin whose socket file was removed listens again', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const before = await connectHost(plugin.path)
  t.deepEqual(await get(plugin.path), { pid: plugin.child.pid })
  unlinkSync(plugin.path)
  const ms = await timed(() => socketAt(plugin.path))
  t.true(ms < 5_000, `it took ${ms} ms`)
  t.is(lstatSync(plugin.path).mode & 0o777, 0o600)
  t.is(
    (await plugin.entry('the socket’s file was removed; the plugin listens again on')).level,
    'Warn',
  )
  t.deepEqual(await get(plugin.path), { pid: plugin.child.pid })

  // Both servers end in order: the connection of the first one is answered, too.
  before.send(http('tagged', 'w', { path: '/wait/300' }))
  await plugin.entry('waiting')
  plugin.child.kill('SIGTERM')
  t.deepEqual(bodyIn(await before.answer()), { waited: 300 })
  t.deepEqual(await plugin.exited, IN_ORDER)
  t.false(existsSync(plugin.path))
})

test('it does so again, and creates the directory if necessary', async t => {
  const path = join(folder(), 'sockets', 'plugin.sock')
  mkdirSync(dirname(path))
  const plugin = await startPlugin(t, 'stuck', { path })
  unlinkSync(path)
  await plugin.entry('the plugin listens again')
  rmSync(dirname(path), { recursive: true })
  await again(plugin, 2)
  t.deepEqual(await get(path), { pid: plugin.child.pid })
})

const again = async (plugin: PluginProcess, times: number): Promise<void> => {
  while (
    plugin.entries().filter(({ message }) => String(message).includes('listens again')).length <
    times
  ) {
    await once(plugin.child.stderr ?? plugin.child, 'data')
  }
}

test('the new file is removed when an author’s code ends the process', async t => {
  const plugin = await startPlugin(t, 'stuck')
  unlinkSync(plugin.path)
  await plugin.entry('the plugin listens again')
  await get(plugin.path, '/block/exit').catch(() => undefined)
  t.deepEqual(await plugin.exited, { code: 3, signal: null })
  t.false(existsSync(plugin.path))
})

test('a plugin stops if another process takes its path, and leaves the path alone', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const other = createServer()
  t.teardown(() => other.close())
  const aside = join(dirname(plugin.path), 'other.sock')
  await new Promise<void>(resolve => other.listen(aside, resolve))
  const { ino } = statSync(aside)
  renameSync(aside, plugin.path)
  const ms = await timed(async () => t.deepEqual(await plugin.exited, IN_ORDER))
  t.true(ms < 5_000, `it took ${ms} ms`)
  await plugin.entry('stopping: another process has taken the socket’s name')
  t.is(statSync(plugin.path).ino, ino)
})

test('a successor can listen after its host has removed the file', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const successor = createServer()
  t.teardown(() => successor.close())
  unlinkSync(plugin.path)
  await pause(1_200)
  t.true(E.isRight(await listenAt(successor, plugin.path)()))
  const { ino } = statSync(plugin.path)
  t.deepEqual(await plugin.exited, IN_ORDER)
  t.is(statSync(plugin.path).ino, ino)
})

test('a file that is missing for a moment is ignored', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const { ino } = statSync(plugin.path)
  const aside = join(dirname(plugin.path), 'aside')
  renameSync(plugin.path, aside)
  await pause(1_200)
  renameSync(aside, plugin.path)
  await get(plugin.path, '/wait/2500')
  t.is(statSync(plugin.path).ino, ino)
  t.deepEqual(await get(plugin.path), { pid: plugin.child.pid })
  t.false(plugin.stderr().includes('removed'))
})

test('without its host a plugin does not listen again', async t => {
  const plugin = hostedPlugin(t, 'stuck')
  await plugin.listening()
  plugin.child.kill('SIGKILL')
  rmSync(plugin.path)
  await plugin.exited
  t.false(existsSync(plugin.path))
  t.false(plugin.stderr().includes('listens again'))
})

test('a failure to listen again is logged once, and tried again', async t => {
  const home = folder()
  const plugin = await startPlugin(t, 'stuck', { path: join(home, 'plugin.sock') })
  renameSync(home, `${home}-away`)
  const blocker = createServer()
  t.teardown(() => blocker.close())
  await new Promise<void>(resolve => blocker.listen(home, resolve))
  await plugin.entry('the plugin cannot listen again')
  await pause(1_500)
  await new Promise(resolve => blocker.close(resolve))
  await plugin.entry('the plugin listens again')
  t.deepEqual(await get(plugin.path), { pid: plugin.child.pid })
  t.is(
    plugin.entries().filter(({ message }) => String(message).includes('cannot listen again'))
      .length,
    1,
  )
})
