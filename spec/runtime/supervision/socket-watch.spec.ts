import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { watchSocket } from '../../../lib/runtime/supervision/socket-watch.js'
import { listenAt } from '../../../lib/transport/socket-file/socket-file.js'
import { recordingLog } from '../../dispatch/harness.js'
import { connectHost } from '../../support/host.js'
import { bodyIn, http } from '../../support/messages.js'
import { folder, type PluginProcess, socketAt, startPlugin } from '../../support/plugin-process.js'
import { withSeconds } from '../../support/seconds.js'
import { get, hostedPlugin } from '../hosted-plugin.js'

const IN_ORDER = { code: 0, signal: null }

test('a plugin whose socket file was removed listens again', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const before = await connectHost(plugin.path)
  t.deepEqual(await get(plugin.path), { pid: plugin.child.pid })
  unlinkSync(plugin.path)
  await socketAt(plugin.path)
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
  t.deepEqual(await plugin.exited, IN_ORDER)
  await plugin.entry('stopping: another process has taken the socket’s name')
  t.is(statSync(plugin.path).ino, ino)
})

test('a successor can listen after its host has removed the file', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const successor = createServer()
  t.teardown(() => successor.close())
  unlinkSync(plugin.path)
  t.true(E.isRight(await listenAt(successor, plugin.path)()))
  const { ino } = statSync(plugin.path)
  t.deepEqual(await plugin.exited, IN_ORDER)
  t.is(statSync(plugin.path).ino, ino)
})

/** A watch of a file that a test moves, and what it did. */
const watched = () => {
  const path = join(folder(), 'plugin.sock')
  writeFileSync(path, '')
  const did: string[] = []
  let isOwn = true
  const watch = watchSocket({
    file: {
      path,
      warnings: [],
      owned: () => isOwn && existsSync(path),
      gone: () => !existsSync(path),
      remove: () => undefined,
    },
    listenAgain: () => {
      did.push('listened')
      return new Promise(() => undefined)
    },
    hostAlive: () => true,
    stop: reason => void did.push(reason.replace(path, 'PATH')),
    log: recordingLog(),
  })
  const take = (): void => {
    isOwn = false
  }
  return { path, did, take, stop: watch.stop }
}

test('a file that is missing for a moment is ignored: a successor has 2 s to listen', t => {
  withSeconds(pass => {
    const { path, did, stop } = watched()
    unlinkSync(path)
    pass(2)
    writeFileSync(path, '')
    pass(1)
    unlinkSync(path)
    pass(2)
    t.deepEqual(did, [])
    pass(1)
    t.deepEqual(did, ['listened'])
    stop()
  })
})

test('a path that is another’s is noticed within 2 s, unless it was for a moment', t => {
  withSeconds(pass => {
    const { did, take, stop } = watched()
    take()
    pass(1)
    t.deepEqual(did, [])
    pass(1)
    t.deepEqual(did, ['another process has taken the socket’s name PATH'])
    stop()
    pass(5)
    t.is(did.length, 1)
  })
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
