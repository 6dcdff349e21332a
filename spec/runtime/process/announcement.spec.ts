import test from 'ava'
import { connectHost } from '../../support/host.js'
import { bodyIn } from '../../support/messages.js'
import { startPlugin } from '../../support/plugin-process.js'

test('a plugin that was started by a host says in one entry who listens where', async t => {
  const plugin = await startPlugin(t, 'workshop')
  const { timestamp, routes, ...entry } = await plugin.entry('listens on')
  t.deepEqual(entry, {
    level: 'Info',
    plugin: 'workshop',
    pid: plugin.child.pid,
    message: `Workshop 1.2.3 (workshop) listens on ${plugin.path}`,
  })
  t.true(typeof routes === 'number' && routes > 10)
  t.false(plugin.stderr().includes('by hand'))
})

test('a message of the form that a person is shown is answered', async t => {
  const plugin = await startPlugin(t, 'workshop')
  const message = {
    type: 'http',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: '1',
    payload: { method: 'GET', path: '/', headers: {}, body: null },
  }
  const host = await connectHost(plugin.path, 'lines')
  host.raw(`${JSON.stringify(message)}\n`)
  host.end()
  t.deepEqual((await host.rest()).map(bodyIn), [{ status: 'ok' }])
})
