import { join } from 'node:path'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'
import { packed } from '../support/packing.js'
import { isRunning, parentOf, timed, until } from '../support/processes.js'
import { startRealHost } from './real-host.js'

// The samples, packed as an author packs them, under the host that runs in production.

const hello = packed(join(ROOT, 'samples/hello'))
const notes = packed(join(ROOT, 'samples/notes'))

const SUCCESS = { status: 200, json: { success: true } }

test('packed plugins are listed, answer, and find their state again after they were disabled', async t => {
  const host = await startRealHost(t, [(await hello).file, (await notes).file])
  const listed = (await host.plugins()).map(plugin => ({ ...plugin, pid: typeof plugin.pid }))
  const state = { version: '1.0.0', enabled: true, running: true, health: 'healthy', pid: 'number' }
  t.deepEqual(listed, [
    {
      ...state,
      id: 'my-plugin',
      name: 'My Plugin',
      author: 'Your Name',
      icon: '🔌',
      socket_path: '/tmp/toru-plugins/my-plugin.sock',
    },
    {
      ...state,
      id: 'notes',
      name: 'Notes',
      author: 'toru-plugin-api',
      icon: '🗒️',
      socket_path: '/tmp/toru-plugins/notes.sock',
    },
  ])

  t.deepEqual(await host.route('GET', '/my-plugin'), {
    status: 200,
    json: { status: 'ok', message: 'Hello from plugin!' },
  })
  const { json: entries } = await host.ask('GET', '/api/plugins/my-plugin/logs')
  t.true(JSON.stringify(entries).includes('Plugin initialized'))

  const created = await host.route('POST', '/notes', { title: 'Milk' })
  t.is(created.status, 201)
  t.deepEqual(await host.ask('POST', '/api/plugins/notes/disable'), SUCCESS)
  t.is((await host.route('GET', '/notes')).status, 502)
  t.deepEqual(await host.ask('POST', '/api/plugins/notes/enable'), SUCCESS)
  t.deepEqual(await host.route('GET', '/notes'), { status: 200, json: [created.json] })
})

test('when the host is killed its plugins end within 3 s', async t => {
  const host = await startRealHost(t, [(await hello).file])
  const [{ pid: guardian } = {}] = await host.plugins()
  const { json } = await host.ask('GET', '/api/plugins/my-plugin/logs')
  const plugin = Number(/"pid":(\d+)/.exec(JSON.stringify(json))?.[1])
  t.is(parentOf(plugin), Number(guardian))
  t.is(parentOf(Number(guardian)), host.child.pid)
  host.child.kill('SIGKILL')
  const ms = await timed(() => until(() => !isRunning(plugin) && !isRunning(Number(guardian))))
  t.true(ms < 3_000, `${ms} ms`)
})
