import { existsSync, lstatSync, renameSync } from 'node:fs'
import test from 'ava'
import { ask, connectHost, tell } from '../../support/host.js'
import {
  DIALECTS,
  http,
  httpAnswer,
  idIn,
  jsonResponse,
  lifecycle,
  responseIn,
  shutdown,
  timeless,
} from '../../support/messages.js'
import { type PluginProcess, spawnPlugin, startPlugin } from '../../support/plugin-process.js'

const OK = { code: 0, signal: null }
const home = (path: string): Promise<unknown> => ask(path, http('tagged', 'home'))

const messages = ({ entries }: PluginProcess): ReadonlyArray<unknown> =>
  entries().map(({ message }) => message)

const ENDS: Readonly<Record<string, (plugin: PluginProcess) => Promise<unknown>>> = {
  SIGTERM: async ({ child }) => child.kill('SIGTERM'),
  SIGINT: async ({ child }) => child.kill('SIGINT'),
  shutdown: ({ path }) => tell(path, shutdown),
}

const REASONS: Readonly<Record<string, string>> = {
  SIGTERM: 'received SIGTERM',
  SIGINT: 'received SIGINT',
  shutdown: 'the host sent shutdown',
}

for (const [what, end] of Object.entries(ENDS)) {
  test(`${what}: what runs is finished, @OnShutdown runs, the socket is removed, and the exit code is 0`, async t => {
    const plugin = await startPlugin(t, 'ending')
    const running = await connectHost(plugin.path)
    running.send(http('tagged', 'running', { path: '/gate' }))
    await plugin.entry('waiting')
    await end(plugin)
    await plugin.entry(`stopping: ${REASONS[what]}`)
    await t.throwsAsync(home(plugin.path))
    plugin.child.kill('SIGUSR2')
    t.deepEqual((await running.rest()).map(timeless), [
      httpAnswer('tagged', 'running', jsonResponse({ finished: true })),
    ])
    t.deepEqual(await plugin.exited, OK)
    t.false(existsSync(plugin.path))
    t.deepEqual(messages(plugin).slice(-3), [
      `stopping: ${REASONS[what]}`,
      'first cleaned up',
      'second cleaned up',
    ])
  })
}

for (const dialect of DIALECTS) {
  test(`${dialect}: requests in front of a shutdown in the same write are answered, those behind it are not`, async t => {
    const plugin = await startPlugin(t, 'ending')
    await home(plugin.path)
    const host = await connectHost(plugin.path)
    host.send(
      http(dialect, 'a'),
      http(dialect, 'b'),
      lifecycle(dialect, { action: 'shutdown' }),
      http(dialect, 'behind'),
    )
    const ok = jsonResponse({ status: 'ok' })
    t.deepEqual((await host.rest()).map(timeless), [
      httpAnswer(dialect, 'a', ok),
      httpAnswer(dialect, 'b', ok),
    ])
    t.deepEqual(await plugin.exited, OK)
  })
}

test('requests in front of a shutdown are answered also where the sender closes its writing half', async t => {
  const plugin = await startPlugin(t, 'ending')
  await home(plugin.path)
  const host = await connectHost(plugin.path, 'lines')
  host.raw([http('documented', 'a'), shutdown].map(message => JSON.stringify(message)).join('\n'))
  host.end()
  t.deepEqual((await host.rest()).map(idIn), ['a'])
  t.deepEqual(await plugin.exited, OK)
})

test('connections without a request are closed at once, and the end waits for running requests alone', async t => {
  const plugin = await startPlugin(t, 'ending')
  const running = await connectHost(plugin.path)
  running.send(http('tagged', 'running', { path: '/gate' }))
  await plugin.entry('waiting')
  const idle = await Promise.all(Array.from({ length: 20 }, () => connectHost(plugin.path)))
  await home(plugin.path)
  plugin.child.kill('SIGTERM')
  for (const host of idle) t.deepEqual(await host.rest(), [])
  t.is(plugin.child.exitCode, null)
  plugin.child.kill('SIGUSR2')
  t.deepEqual(responseIn(await running.answer()), jsonResponse({ finished: true }))
  t.deepEqual(await plugin.exited, OK)
})

test('a plugin that was never started up ends without @OnShutdown', async t => {
  const plugin = await startPlugin(t, 'ending')
  await plugin.entry('listens on')
  plugin.child.kill('SIGTERM')
  t.deepEqual(await plugin.exited, OK)
  t.deepEqual(messages(plugin).slice(1), ['stopping: received SIGTERM'])
})

test('a handler that hangs is given up after 5 s, and @OnShutdown still runs', async t => {
  const plugin = await startPlugin(t, 'ending')
  const host = await connectHost(plugin.path)
  host.send(http('tagged', 'hangs', { path: '/never' }))
  await plugin.entry('never')
  const begun = performance.now()
  plugin.child.kill('SIGTERM')
  t.deepEqual(await plugin.exited, OK)
  const ms = performance.now() - begun
  t.true(ms > 4900, `${ms} ms`)
  // The handler's own time-out of 25 s would have been an answer.
  t.deepEqual(await host.rest(), [])
  t.deepEqual(messages(plugin).slice(-2), ['first cleaned up', 'second cleaned up'])
  t.false(existsSync(plugin.path))
})

test('an @OnShutdown that hangs is given up after 3 s', async t => {
  const plugin = await startPlugin(t, 'ending', { env: { END: 'hang' } })
  await home(plugin.path)
  const begun = performance.now()
  plugin.child.kill('SIGTERM')
  t.deepEqual(await plugin.exited, OK)
  const ms = performance.now() - begun
  t.true(ms > 2900, `${ms} ms`)
  t.is(messages(plugin).at(-1), '@OnShutdown did not end within 3000 ms')
  t.false(existsSync(plugin.path))
})

test('an @OnShutdown that throws is logged, and the end is in order', async t => {
  const plugin = await startPlugin(t, 'ending', { env: { END: 'throw' } })
  await home(plugin.path)
  await tell(plugin.path, shutdown)
  t.deepEqual(await plugin.exited, OK)
  t.deepEqual(messages(plugin).slice(-2), [
    'first cleaned up',
    '@OnShutdown failed: nothing to clean',
  ])
})

for (const [first, second, code] of [
  ['SIGTERM', 'SIGINT', 130],
  ['SIGINT', 'SIGTERM', 143],
] as const) {
  test(`a second signal, ${second} after ${first}, ends it at once`, async t => {
    const plugin = await startPlugin(t, 'ending', { env: { END: 'hang' } })
    await home(plugin.path)
    plugin.child.kill(first)
    await plugin.entry('first cleaned up')
    plugin.child.kill(second)
    t.deepEqual(await plugin.exited, { code, signal: null })
  })
}

test('a SIGTERM behind a shutdown message leaves the end in order', async t => {
  const plugin = await startPlugin(t, 'ending')
  const host = await connectHost(plugin.path)
  host.send(http('tagged', 'running', { path: '/gate' }))
  await plugin.entry('waiting')
  await tell(plugin.path, shutdown)
  await plugin.entry('stopping: the host sent shutdown')
  plugin.child.kill('SIGTERM')
  plugin.child.kill('SIGUSR2')
  t.deepEqual(responseIn(await host.answer()), jsonResponse({ finished: true }))
  t.deepEqual(await plugin.exited, OK)
})

test('the socket of a successor at the same name is not removed', async t => {
  const old = await startPlugin(t, 'ending')
  await home(old.path)
  const successor = await startPlugin(t, 'ending')
  // At once, so that there is no moment in which the old one finds its name free.
  renameSync(successor.path, old.path)
  old.child.kill('SIGTERM')
  t.deepEqual(await old.exited, OK)
  t.true(lstatSync(old.path).isSocket())
  t.deepEqual(responseIn(await home(old.path)), jsonResponse({ status: 'ok' }))
})

test('a successor may take the name while the old one still finishes what runs', async t => {
  const old = await startPlugin(t, 'ending')
  // It is loaded before: the old one gives up what runs after 5 s.
  const successor = spawnPlugin(t, 'ending', { path: old.path, env: { BEGIN: 'on SIGUSR2' } })
  await successor.entry('loaded')
  const host = await connectHost(old.path)
  host.send(http('tagged', 'running', { path: '/gate' }))
  await old.entry('waiting')
  old.child.kill('SIGTERM')
  await old.entry('stopping')
  await t.throwsAsync(home(old.path))
  successor.child.kill('SIGUSR2')
  await successor.entry('listens on')
  old.child.kill('SIGUSR2')
  t.deepEqual(responseIn(await host.answer()), jsonResponse({ finished: true }))
  t.deepEqual(await old.exited, OK)
  t.deepEqual(responseIn(await home(old.path)), jsonResponse({ status: 'ok' }))
})
