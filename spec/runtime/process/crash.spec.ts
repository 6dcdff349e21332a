import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { ask, connectHost } from '../../support/host.js'
import {
  http,
  httpAnswer,
  idIn,
  isObject,
  jsonResponse,
  responseIn,
  timeless,
} from '../../support/messages.js'
import { spawnPlugin, startPlugin } from '../../support/plugin-process.js'

const HOME = httpAnswer('tagged', 'h', jsonResponse({ status: 'ok' }))
const home = async (path: string): Promise<unknown> =>
  timeless(await ask(path, http('tagged', 'h')))
const statusIn = (answer: unknown): unknown => {
  const response = responseIn(answer)
  return isObject(response) ? response.status : undefined
}

test('handlers that throw, reject and let exceptions escape disturb nobody, a hundred times over', async t => {
  const { path, child } = await startPlugin(t, 'workshop')
  const bad = await connectHost(path)
  const expected = [
    ['/throws', 500],
    ['/fails/reject', 500],
    ['/fails/uncaught', 200],
    ['/fails/nothing', 200],
    ['/fails/teapot', 418],
  ] as const
  const cases = Array.from({ length: 20 }, () => expected).flat()
  const requests = cases.map(([path], index) => http('tagged', String(index), { path }))
  bad.send(...requests)
  const answers = bad.answers(100)
  for (let round = 0; round < 10; round++) t.deepEqual(await home(path), HOME)
  const statuses = new Map((await answers).map(answer => [idIn(answer), statusIn(answer)]))
  t.deepEqual(
    cases.map((_, index) => statuses.get(String(index))),
    cases.map(([, status]) => status),
  )
  bad.destroy()
  t.is(child.exitCode, null)
})

test('a handler that ends the process cuts the connections, and the next start serves', async t => {
  const first = await startPlugin(t, 'workshop')
  const host = await connectHost(first.path)
  host.send(
    http('tagged', 'waiting', { path: '/gate/never' }),
    http('tagged', 'exit', { path: '/fails/exit' }),
  )
  t.deepEqual(await host.rest(), [])
  t.deepEqual(await first.exited, { code: 3, signal: null })
  const second = spawnPlugin(t, 'workshop', { path: first.path })
  await second.entry('listens on')
  t.deepEqual(await home(first.path), HOME)
})

test('kill -9 in the middle of an answer leaves nothing that hinders the next start', async t => {
  const first = await startPlugin(t, 'workshop')
  const host = await connectHost(first.path)
  host.socket.pause()
  host.send(
    ...['a', 'b', 'c'].map(id => http('tagged', id, { path: '/many?unit=x&count=3000000' })),
  )
  await home(first.path)
  first.child.kill('SIGKILL')
  t.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' })
  host.destroy()
  const second = spawnPlugin(t, 'workshop', { path: first.path })
  await second.entry('listens on')
  t.deepEqual(await home(first.path), HOME)
})

test('requests that came while the event loop was busy are answered afterwards', async t => {
  const { path } = await startPlugin(t, 'workshop')
  const busy = ask(path, http('tagged', 'busy', { path: '/busy/700' }))
  await pause(50)
  const waiting = await Promise.all(Array.from({ length: 30 }, () => home(path)))
  for (const answer of waiting) t.deepEqual(answer, HOME)
  t.is(idIn(await busy), 'busy')
})

test('a thousand connections one after the other leave the plugin as it was', async t => {
  const { path, child } = await startPlugin(t, 'workshop')
  for (let round = 0; round < 20; round++) {
    for (const answer of await Promise.all(Array.from({ length: 50 }, () => home(path))))
      t.deepEqual(answer, HOME)
  }
  t.is(child.exitCode, null)
})
