import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { frame } from '../../support/bytes.js'
import { ask, connectHost } from '../../support/host.js'
import {
  bodyIn,
  http,
  httpAnswer,
  idIn,
  jsonResponse,
  responseIn,
  timeless,
} from '../../support/messages.js'
import { startPlugin } from '../../support/plugin-process.js'
import { pythonHost } from '../../support/python-host.js'
import { sharedPlugin } from '../../support/shared-plugin.js'
import { socat, socatTest } from '../../support/socat.js'

const plugin = sharedPlugin('workshop')

const HOME = jsonResponse({ status: 'ok' })
const ids = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `id-${index}`)

/**
 * The requests that were given up, as soon as there are any; none if that takes a hundred times
 * longer than it may.
 */
const abortedSoon = async (path: string): Promise<unknown> => {
  const end = performance.now() + 25_000
  for (;;) {
    const aborted = bodyIn(await ask(path, http('tagged', 'aborted', { path: '/aborted' })))
    if (performance.now() > end || (Array.isArray(aborted) && aborted.length > 0)) return aborted
  }
}

pythonTest(
  'a client that closes its writing half still gets its answers, then the end',
  async t => {
    const program = `
s = dial()
s.sendall(frame(tagged('half', where='/gate/half')) + frame(tagged('quick')))
s.shutdown(socket.SHUT_WR)
first = receive(s)
other = dial()
other.sendall(frame(tagged('open', 'POST', '/gate/half'))); receive(other)
tell([first, receive(s), len(s.recv(1))])
`
    const got = await pythonHost(plugin().path, program)
    t.deepEqual(Array.isArray(got) && got.map(timeless), [
      httpAnswer('tagged', 'quick', HOME),
      httpAnswer('tagged', 'half', jsonResponse({ passed: 'half' })),
      0,
    ])
  },
)

test('a client that closed its writing half and waits is not taken for one that left', async t => {
  const { path } = await startPlugin(t, 'workshop')
  const host = await connectHost(path)
  host.send(http('tagged', 'patient', { path: '/watched/patient' }))
  host.end()
  await pause(800)
  t.deepEqual(bodyIn(await ask(path, http('tagged', 'aborted', { path: '/aborted' }))), [])
  await ask(path, http('tagged', 'open', { method: 'POST', path: '/gate/patient' }))
  t.deepEqual((await host.rest()).map(timeless), [
    httpAnswer('tagged', 'patient', jsonResponse({ passed: 'patient' })),
  ])
})

socatTest('a person with socat gets an answer in a line', async t => {
  const output = await socat(plugin().path, `${JSON.stringify(http('documented', 'by hand'))}\n`)
  t.true(output.endsWith('}\n'))
  t.deepEqual(timeless(JSON.parse(output)), httpAnswer('documented', 'by hand', HOME))
})

test('a client that leaves while its handlers run disturbs nobody, and they are told before they answer', async t => {
  const { path } = plugin()
  const host = await connectHost(path)
  host.send(
    http('tagged', 'left', { path: '/watched/left' }),
    http('tagged', 'also', { path: '/watched/also' }),
  )
  await ask(path, http('tagged', 'begun', { path: '/gate/begun-also' }))
  host.destroy()
  t.deepEqual(responseIn(await ask(path, http('tagged', 'next'))), HOME)
  t.deepEqual(await abortedSoon(path), [
    'left: the connection was lost',
    'also: the connection was lost',
  ])
})

test('a client that closes its writing half, waits, and leaves then, is missed as well', async t => {
  const { path } = await startPlugin(t, 'workshop')
  const host = await connectHost(path)
  host.send(http('tagged', 'left', { path: '/watched/left' }))
  host.end()
  await ask(path, http('tagged', 'begun', { path: '/gate/begun-left' }))
  // It has been asked once by now, and was there.
  await pause(100)
  host.destroy()
  t.deepEqual(await abortedSoon(path), ['left: the connection was lost'])
})

test('clients that leave without reading a megabyte, or in the middle of it, disturb nobody', async t => {
  const { path } = plugin()
  const large = http('tagged', 'large', { path: '/many?unit=ab&count=500000' })
  const hosts = await Promise.all(ids(20).map(() => connectHost(path)))
  await Promise.all(
    hosts.map(async (host, index) => {
      host.socket.pause()
      const written = new Promise(resolve =>
        host.socket.write(Buffer.concat([frame(large), frame(large)]), resolve),
      )
      await written
      if (index % 2 === 0) host.socket.resume().once('data', host.destroy)
      else host.destroy()
    }),
  )
  t.deepEqual(responseIn(await ask(path, http('tagged', 'next'))), HOME)
  t.is(plugin().child.exitCode, null)
})

test('a client that does not read holds nobody up, and gets everything once it does', async t => {
  const { path } = plugin()
  const host = await connectHost(path)
  host.socket.pause()
  host.send(...ids(40).map(id => http('tagged', id, { path: '/many?unit=x&count=1000000' })))
  for (const id of ids(20)) t.is(idIn(await ask(path, http('tagged', id))), id)
  host.socket.resume()
  t.deepEqual((await host.answers(40)).map(idIn), ids(40))
  host.destroy()
})
