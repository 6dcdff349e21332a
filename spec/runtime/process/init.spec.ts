import test from 'ava'
import { ask, connectHost, tell } from '../../support/host.js'
import {
  DIALECTS,
  http,
  httpAnswer,
  idIn,
  init,
  jsonResponse,
  kv,
  kvAnswer,
  responseIn,
  timeless,
} from '../../support/messages.js'
import { type PluginProcess, startPlugin } from '../../support/plugin-process.js'

const home = async ({ path }: PluginProcess): Promise<unknown> =>
  responseIn(await ask(path, http('tagged', 'home')))

const state = (inits: ReadonlyArray<string | null>, instanceId: string | null) =>
  jsonResponse({ inits, instanceId })

const began = ({ entries }: PluginProcess): number =>
  entries().filter(({ message }) => /^init \d+ began$/.test(String(message))).length

for (const dialect of DIALECTS) {
  test(`${dialect}: a host that connects, writes init and closes at once starts @OnInit, and requests find it done`, async t => {
    const plugin = await startPlugin(t, 'starter')
    await tell(plugin.path, init('installation-1', undefined, dialect))
    await plugin.entry('init 1 ended')
    t.deepEqual(await home(plugin), state(['installation-1'], 'installation-1'))
  })
}

test('requests and KV operations wait for a slow @OnInit, and it runs once', async t => {
  const plugin = await startPlugin(t, 'starter', { env: { START: 'gate' } })
  const host = await connectHost(plugin.path)
  host.send(
    init('slow'),
    http('tagged', 'a'),
    kv('tagged', 'k', 'get', 'inits'),
    http('documented', 'b'),
  )
  const other = ask(plugin.path, http('tagged', 'c'))
  await plugin.entry('init 1 began')
  plugin.child.kill('SIGUSR2')
  const answers = await host.answers(3)
  const byId = (id: string): unknown => timeless(answers.find(answer => idIn(answer) === id))
  const expected = state(['slow'], 'slow')
  t.deepEqual(
    [byId('a'), byId('k'), byId('b')],
    [
      httpAnswer('tagged', 'a', expected),
      kvAnswer('tagged', 'k', '1'),
      httpAnswer('documented', 'b', expected),
    ],
  )
  t.deepEqual(responseIn(await other), expected)
  t.is(began(plugin), 1)
})

test('the first request starts a plugin that was not sent an init, and a later init tells it its name', async t => {
  const plugin = await startPlugin(t, 'starter')
  t.deepEqual(await home(plugin), state([null], null))
  await tell(plugin.path, init('later'))
  for (let answer = await home(plugin); ; answer = await home(plugin)) {
    if (JSON.stringify(answer).includes('later')) {
      t.deepEqual(answer, state([null], 'later'))
      break
    }
  }
  await tell(plugin.path, init('latest'))
  const host = await connectHost(plugin.path)
  host.send(init('newest'), http('tagged', 'n'))
  t.deepEqual(responseIn(await host.answer()), state([null], 'newest'))
  host.destroy()
  t.is(began(plugin), 1)
})

test('a first request that is a KV operation starts it, too', async t => {
  const plugin = await startPlugin(t, 'starter')
  t.deepEqual(
    timeless(await ask(plugin.path, kv('tagged', 'k', 'get', 'inits'))),
    kvAnswer('tagged', 'k', '1'),
  )
})

test('an init that comes while @OnInit runs names the instance for those that follow', async t => {
  const plugin = await startPlugin(t, 'starter', { env: { START: 'gate' } })
  const host = await connectHost(plugin.path)
  host.send(init('first'), http('tagged', 'a'), init('second'))
  await plugin.entry('init 1 began')
  plugin.child.kill('SIGUSR2')
  t.deepEqual(responseIn(await host.answer()), state(['first'], 'second'))
  host.destroy()
})

for (const [what, env, instanceId] of [
  ['no name', {}, null],
  ['the name of the environment', { TORU_INSTANCE_ID: 'from-env' }, 'from-env'],
  ['no name where that of the environment is empty', { TORU_INSTANCE_ID: '' }, null],
] as const) {
  test(`without an init @OnInit runs after 2 s, with ${what}`, async t => {
    const plugin = await startPlugin(t, 'starter', { env })
    const listening = Date.parse(String((await plugin.entry('listens on')).timestamp))
    const begun = Date.parse(String((await plugin.entry('init 1 began')).timestamp))
    t.true(begun - listening >= 1900 && begun - listening < 10_000, `${begun - listening} ms`)
    t.deepEqual(await home(plugin), state([instanceId], instanceId))
  })
}

test('while @OnInit has failed requests get 503 with Retry-After, and KV null', async t => {
  const plugin = await startPlugin(t, 'starter', { env: { START: 'throw' } })
  const text = JSON.stringify(await home(plugin))
  const [, seconds = ''] = /"Retry-After":"([1-9]\d?)"/.exec(text) ?? []
  t.deepEqual(
    JSON.parse(text),
    jsonResponse(
      {
        error: 'NotInitialized',
        message: 'the plugin is not ready: its @OnInit failed; its log has the reason',
      },
      503,
      { 'Retry-After': seconds },
    ),
  )
  t.deepEqual(
    timeless(await ask(plugin.path, kv('tagged', 'k', 'get', 'inits'))),
    kvAnswer('tagged', 'k', null),
  )
  const { level, message } = await plugin.entry('@OnInit failed')
  t.deepEqual(
    [level, message],
    [
      'Error',
      '@OnInit failed: the disk is not there yet; requests get 503, and it is tried again in 1 s',
    ],
  )
})

test('an @OnInit that failed once is tried again without anybody asking', async t => {
  const plugin = await startPlugin(t, 'starter', { env: { START: 'fail-once' } })
  await plugin.entry('@OnInit has succeeded, at attempt 2')
  t.deepEqual(await home(plugin), state([null, null], null))
})

test('an @OnInit that fails every time leaves a plugin that answers and can be stopped', async t => {
  const plugin = await startPlugin(t, 'starter', { env: { START: 'throw' } })
  for (const id of ['1', '2', '3']) {
    await tell(plugin.path, init(id))
    await plugin.entry(`init ${id} began`)
  }
  t.regex(JSON.stringify(await home(plugin)), /"status":503/)
  plugin.child.kill('SIGTERM')
  t.deepEqual(await plugin.exited, { code: 0, signal: null })
})
