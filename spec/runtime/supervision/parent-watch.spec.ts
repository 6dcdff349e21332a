import { existsSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import {
  orphanReason,
  parentsOf,
  watchParents,
} from '../../../lib/runtime/supervision/parent-watch.js'
import { statOf } from '../../../lib/runtime/supervision/process-stat.js'
import { connectHost } from '../../support/host.js'
import { bodyIn, http } from '../../support/messages.js'
import { callAsOrdinaryUser, PROCESS_OF_ROOT } from '../../support/ordinary-user.js'
import { folder, startPlugin } from '../../support/plugin-process.js'
import { parentOf } from '../../support/processes.js'
import { withSeconds } from '../../support/seconds.js'
import { get, hostedPlugin, removed } from '../hosted-plugin.js'

const { pid, ppid } = process
const NOBODY = 4_194_305
const NONE = { parent: undefined, grandparent: undefined, guarded: false }

test('the environment says which processes a plugin does not outlive', t => {
  t.deepEqual(parentsOf({}), NONE)
  t.deepEqual(parentsOf({ TORU_PLUGIN_SOCKET: 'x' }), { ...NONE, parent: ppid })
  t.deepEqual(parentsOf({ TORU_GUARDIAN: String(ppid) }), {
    parent: ppid,
    grandparent: undefined,
    guarded: true,
  })
  t.deepEqual(
    parentsOf({ TORU_PLUGIN_SOCKET: 'x', TORU_GUARDIAN: String(ppid), TORU_GUARDIAN_PARENT: '7' }),
    {
      parent: ppid,
      grandparent: 7,
      guarded: true,
    },
  )
  t.deepEqual(parentsOf({ TORU_GUARDIAN: 'x' }), NONE)
})

test('a running guardian that is not the parent is another plugin’s', t => {
  t.deepEqual(
    parentsOf({ TORU_PLUGIN_SOCKET: 'x', TORU_GUARDIAN: String(pid), TORU_GUARDIAN_PARENT: '7' }),
    { ...NONE, parent: ppid },
  )
})

test('so is a running guardian of another user', t => {
  const env = { TORU_PLUGIN_SOCKET: 'x', TORU_GUARDIAN: String(PROCESS_OF_ROOT) }
  t.deepEqual(
    callAsOrdinaryUser('../../lib/runtime/supervision/parent-watch.js', 'parentsOf', env, pid),
    { parent: pid, guarded: false },
  )
})

test('a guardian that ended before the first check is gone', t => {
  const parents = parentsOf({ TORU_GUARDIAN: String(NOBODY) })
  t.deepEqual(orphanReason(parents), O.some('the guardian that started this plugin is gone'))
})

test('a parent that runs or is not known is not gone', t => {
  t.deepEqual(orphanReason(parentsOf({ TORU_PLUGIN_SOCKET: 'x' })), O.none)
  t.deepEqual(orphanReason(parentsOf({})), O.none)
  t.deepEqual(orphanReason({ parent: ppid, grandparent: parentOf(ppid), guarded: true }), O.none)
  t.deepEqual(
    orphanReason({ parent: ppid, grandparent: NOBODY, guarded: true }),
    O.some('the host that started this plugin is gone'),
  )
})

test('a process is known by its parent and its start time', t => {
  t.deepEqual(O.map(({ parent }: { parent: number }) => parent)(statOf(pid)), O.some(ppid))
  t.regex(String(O.toUndefined(statOf(pid))?.startTime), /^\d+$/)
  t.deepEqual(statOf(NOBODY), O.none)
})

test('a parent that ends is missed within a second, once', t => {
  withSeconds(pass => {
    let isGone = false
    const reasons: string[] = []
    const parents = {
      parent: ppid,
      get grandparent() {
        return isGone ? NOBODY : parentOf(ppid)
      },
      guarded: true,
    }
    watchParents(parents, reason => void reasons.push(reason))
    pass(2)
    t.deepEqual(reasons, [])
    isGone = true
    pass(1)
    t.deepEqual(reasons, ['the host that started this plugin is gone'])
    pass(5)
    t.is(reasons.length, 1)
  })
})

test('after its host is killed a plugin shuts down', async t => {
  const END = join(folder(), 'end')
  const plugin = hostedPlugin(t, 'stuck', { env: { END } })
  await plugin.listening()
  const host = await connectHost(plugin.path)
  host.send(http('tagged', 'w', { path: '/wait/1500' }))
  await plugin.entry('waiting')
  plugin.child.kill('SIGKILL')
  await plugin.exited
  t.deepEqual(bodyIn(await host.answer()), { waited: 1500 })
  await plugin.entry('stopping: the host that started this plugin is gone')
  t.is(readFileSync(END, 'utf8'), 'in order')
  t.false(existsSync(plugin.path))
})

test('it does so even if nobody reads its log', async t => {
  const END = join(folder(), 'end')
  const plugin = hostedPlugin(t, 'stuck', { env: { END } })
  await plugin.listening()
  const connection = await connectHost(plugin.path)
  plugin.child.stderr?.destroy()
  plugin.child.stdout?.destroy()
  connection.send(http('tagged', 'n', { path: '/nowhere' }))
  await connection.answer()
  plugin.child.kill('SIGKILL')
  await removed(plugin.path)
  t.is(readFileSync(END, 'utf8'), 'in order')
  t.false(existsSync(plugin.path))
})

test('the socket of a successor stays', async t => {
  const plugin = hostedPlugin(t, 'stuck')
  await plugin.listening()
  const host = await connectHost(plugin.path)
  // So it still has something to finish when its successor is there.
  host.send(http('tagged', 'w', { path: '/wait/4000' }))
  await plugin.entry('waiting')
  plugin.child.kill('SIGKILL')
  // What the next host does: it removes the file, and starts a copy of its own.
  unlinkSync(plugin.path)
  const successor = await startPlugin(t, 'stuck', { path: plugin.path })
  const { ino } = statSync(plugin.path)
  t.deepEqual(bodyIn(await host.answer()), { waited: 4000 })
  await plugin.exited
  t.is(statSync(plugin.path).ino, ino)
  t.deepEqual(await get(plugin.path), { pid: successor.child.pid })
})
