import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { type DevHost, type HostOptions, startHost } from '../../lib/devhost/host.js'
import { developmentPolicy } from '../../lib/devhost/host-policy.js'
import { folder } from '../support/plugin-process.js'
import { pluginsFolder, pluginThat, startDev } from './dev-host.js'

const started = async (
  t: ExecutionContext,
  options: Partial<HostOptions> = {},
): Promise<{ host: DevHost; said: ReadonlyArray<string> }> => {
  const said: string[] = []
  const host = await startHost({
    version: '1.0.0',
    dialect: 'tagged',
    policy: developmentPolicy,
    address: '127.0.0.1',
    token: undefined,
    ports: [0],
    data: join(folder(), 'data'),
    plugins: undefined,
    entries: [],
    say: ({ text }) => void said.push(text),
    onLog: () => undefined,
    onPlugin: () => undefined,
    ...options,
  })
  if (E.isLeft(host)) throw new Error(host.left)
  t.teardown(() => host.right.stop())
  return { host: host.right, said }
}

const listening = (t: ExecutionContext): Promise<number> =>
  new Promise(resolve => {
    const server: Server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
    t.teardown(() => void server.close())
  })

test('of several ports the first that is free is taken, and that one was taken is said', async t => {
  const taken = await listening(t)
  const { host, said } = await started(t, { ports: [taken, 0] })
  t.not(host.port, taken)
  t.is(host.url, `http://127.0.0.1:${host.port}/`)
  t.deepEqual(said, [`port ${taken} is taken, so this is port ${host.port}`])
})

test('a console that does not read gets no more events than it may, and the whole state when it reads again', async t => {
  const { host } = await started(t)
  const { hub } = host.context
  const socket = connect(host.port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write(`GET /api/dev/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  await new Promise(resolve => socket.once('data', resolve))
  socket.pause()
  const message = 'x'.repeat(100_000)
  const before = process.memoryUsage().rss
  for (let n = 0; n < 3_000; n++) {
    hub.emit({ name: 'log', data: { n, timestamp: '', level: 'Info', message, plugin: 'notes' } })
    if (n % 100 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  t.true(process.memoryUsage().rss - before < 150e6, 'what nobody reads is not kept')
  let came = ''
  await new Promise<void>(resolve => {
    socket.setEncoding('latin1').on('data', (text: string) => {
      came = (came + text).slice(-10_000)
      if (came.includes('event: state')) resolve()
    })
    socket.resume()
  })
  t.regex(came, /event: state\ndata: \{"version"/)
})

test('a browser that leaves in the middle of an upload is no error of the plugin', async t => {
  const { host, said } = await started(t, { plugins: pluginsFolder() })
  const upload = connect(host.port, '127.0.0.1', () =>
    upload.write(
      'POST /api/plugins/route/puppet/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf',
      () => upload.destroy(),
    ),
  )
  await new Promise(resolve => upload.once('close', resolve))
  const route = `http://127.0.0.1:${host.port}/api/plugins/route/puppet`
  t.is((await fetch(`${route}/close`, { method: 'POST' })).status, 502)
  // On a busy machine it is also said that the plugin is late.
  t.deepEqual(
    said.filter(text => text.startsWith('POST ')),
    ['POST /close: the plugin closed the connection without an answer: 502'],
  )
})

test('in another dialect the path is as the browser sent it', async t => {
  for (const dialect of ['nested', 'documented'] as const) {
    const dev = await startDev(t, ['--dialect', dialect, '--plugins', pluginsFolder()])
    const events = await dev.events()
    await pluginThat(events, ({ state }) => state === 'running')
    t.is(
      JSON.parse((await dev.ask('/api/plugins/route/puppet/a%20b?q=%20')).body).path,
      '/a%20b?q=%20',
    )
    t.is((await events.until('exchange', ({ kind }) => kind === 'http')).dialect, dialect)
  }
})
