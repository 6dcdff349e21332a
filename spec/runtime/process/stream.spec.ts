import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { ask, connectHost } from '../../support/host.js'
import {
  http,
  httpAnswer,
  idIn,
  jsonResponse,
  kv,
  kvAnswer,
  namelessHttp,
  timeless,
} from '../../support/messages.js'
import { startPlugin } from '../../support/plugin-process.js'
import { pythonHost } from '../../support/python-host.js'
import { sharedPlugin } from '../../support/shared-plugin.js'

const plugin = sharedPlugin('workshop')

const open = (name: string): Promise<unknown> =>
  ask(plugin().path, http('tagged', 'open', { method: 'POST', path: `/gate/${name}` }))

const HOME = jsonResponse({ status: 'ok' })
const ids = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `id-${index}`)

test('500 requests in one write get 500 answers', async t => {
  const host = await connectHost(plugin().path)
  host.send(...ids(500).map(id => http('tagged', id)))
  const answers = await host.answers(500)
  host.destroy()
  t.deepEqual(
    answers.map(timeless),
    ids(500).map(id => httpAnswer('tagged', id, HOME)),
  )
})

test('more requests than may be under way at once are answered all, also after the writing half was closed', async t => {
  const host = await connectHost(plugin().path)
  host.send(...ids(1000).map(id => http('tagged', id, { path: '/gate/crowd' })))
  host.end()
  await open('crowd')
  t.deepEqual((await host.rest()).map(idIn).sort(), [...ids(1000)].sort())
})

test('500 connections with a request each are answered', async t => {
  const { path } = await startPlugin(t, 'workshop')
  const answers = await Promise.all(ids(500).map(id => ask(path, http('tagged', id))))
  t.deepEqual(
    answers.map(timeless),
    ids(500).map(id => httpAnswer('tagged', id, HOME)),
  )
})

pythonTest(
  'a request that arrives a byte at a time, two that share a read, and one whose end comes with the next are answered',
  async t => {
    const program = `
s = dial()
out = []
for byte in frame(tagged('slow')): s.sendall(bytes([byte]))
out.append(receive(s))
s.sendall(frame(tagged('a')) + frame(tagged('b')))
out += [receive(s), receive(s)]
both = frame(tagged('c')) + frame(tagged('d'))
s.sendall(both[:300]); s.sendall(both[300:])
out += [receive(s), receive(s)]
tell(out)
`
    const answers = await pythonHost(plugin().path, program)
    t.deepEqual(
      Array.isArray(answers) && answers.map(timeless),
      ['slow', 'a', 'b', 'c', 'd'].map(id => httpAnswer('tagged', id, HOME)),
    )
  },
)

test('requests without a request_id are answered in their order, although the first is slow', async t => {
  const host = await connectHost(plugin().path)
  const missing = { timestamp: 'NOW', type: 'http' }
  host.send(
    namelessHttp({ path: '/gate/order' }),
    namelessHttp({ path: '/plain' }),
    http('documented', null),
    http('documented', 'named'),
  )
  t.is(idIn(await host.answer()), 'named')
  await open('order')
  t.deepEqual((await host.answers(3)).map(timeless), [
    { ...missing, payload: jsonResponse({ passed: 'order' }) },
    {
      ...missing,
      payload: {
        status: 200,
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: 'grüße 🔌',
      },
    },
    httpAnswer('documented', null, HOME),
  ])
  host.destroy()
})

test('requests with ids are answered as they are ready', async t => {
  const host = await connectHost(plugin().path)
  host.send(
    ...['x', 'y', 'z'].map(name => http('tagged', name, { path: `/gate/ready-${name}` })),
    http('tagged', 'now'),
  )
  const order = [idIn(await host.answer())]
  for (const name of ['z', 'x', 'y']) {
    await open(`ready-${name}`)
    order.push(idIn(await host.answer()))
  }
  host.destroy()
  t.deepEqual(order, ['now', 'z', 'x', 'y'])
})

test('KV operations of one connection take effect in their order', async t => {
  const host = await connectHost(plugin().path)
  host.send(
    kv('tagged', '1', 'set', 'slow', 'one'),
    kv('tagged', '2', 'get', 'slow'),
    kv('documented', '3', 'set', 'slow', 'two'),
    kv('tagged', '4', 'set', 'slow', 'three'),
    kv('nested', '5', 'get', 'slow'),
    kv('tagged', '6', 'delete', 'slow'),
    kv('tagged', '7', 'get', 'slow'),
  )
  host.end()
  t.deepEqual((await host.rest()).map(timeless), [
    kvAnswer('tagged', '1', null),
    kvAnswer('tagged', '2', 'one'),
    kvAnswer('documented', '3', null),
    kvAnswer('tagged', '4', null),
    kvAnswer('nested', '5', 'three'),
    kvAnswer('tagged', '6', null),
    kvAnswer('tagged', '7', null),
  ])
})

test('a request behind a KV operation that hangs is answered meanwhile', async t => {
  const host = await connectHost(plugin().path)
  host.send(kv('tagged', 'stuck', 'get', 'stuck'), http('tagged', 'free'))
  t.deepEqual((await host.answers(2)).map(idIn), ['free', 'stuck'])
  host.destroy()
})
