import test from 'ava'
import { ask } from '../../support/host.js'
import {
  http,
  idIn,
  jsonResponse,
  kv,
  kvAnswer,
  type Request,
  responseIn,
  timeless,
} from '../../support/messages.js'
import { type PluginProcess, startPlugin } from '../../support/plugin-process.js'
import { sharedPlugin } from '../../support/shared-plugin.js'

const plugin = sharedPlugin('workshop', { env: { TORU_LOG_LEVEL: 'trace' } })

const responseTo = async (request: Request, to: PluginProcess = plugin()): Promise<unknown> =>
  responseIn(await ask(to.path, http('tagged', 'r', request)))

const failure = (
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
) => jsonResponse({ error, message }, status, headers)

const HIDDEN = failure(500, 'Internal', 'the plugin failed to answer; its log has the reason')

for (const [path, entry] of [
  ['/throws', 'GET /throws answered 500: '],
  ['/fails/reject', 'GET /fails/reject answered 500: '],
] as const) {
  test(`what ${path} throws stays in the log, with the handler's name and a stack`, async t => {
    t.deepEqual(await responseTo({ path }), HIDDEN)
    const { level, handler, error } = await plugin().entry(entry)
    t.deepEqual(
      { level, handler },
      { level: 'Error', handler: `Workshop.${path === '/throws' ? 'throws' : 'fails'}` },
    )
    t.regex(String(error), /^SyntaxError: .*\n {4}at /)
  })
}

test('what escapes from a handler after its answer is logged, and others are served', async t => {
  t.deepEqual(await responseTo({ path: '/fails/uncaught' }), jsonResponse(null))
  const { level } = await plugin().entry('uncaught exception: ')
  t.is(level, 'Error')
  t.deepEqual(await responseTo({ path: '/' }), jsonResponse({ status: 'ok' }))
})

test('a thrown null is survived, too', async t => {
  const own = await startPlugin(t, 'workshop')
  t.deepEqual(await responseTo({ path: '/fails/nothing' }, own), jsonResponse(null))
  await own.entry('uncaught exception: null')
  await own.entry('unhandled rejection')
  t.deepEqual(await responseTo({ path: '/' }, own), jsonResponse({ status: 'ok' }))
})

test('a handler that does not answer in time is answered for with 504, and what comes later is logged', async t => {
  const own = await startPlugin(t, 'workshop', { env: { HTTP_TIMEOUT: '150' } })
  t.deepEqual(
    await responseTo({ path: '/watched/late' }, own),
    failure(504, 'Timeout', 'no answer within 150 ms'),
  )
  t.deepEqual(
    await responseTo({ path: '/aborted' }, own),
    jsonResponse(['late: no answer within 150 ms']),
  )
  await responseTo({ method: 'POST', path: '/gate/late' }, own)
  const { level, handler } = await own.entry('when it had been given up')
  t.deepEqual({ level, handler }, { level: 'Warn', handler: 'Workshop.watched' })
})

test('a KV operation that fails, or does not end in time, is null, and logged', async t => {
  t.deepEqual(
    timeless(await ask(plugin().path, kv('tagged', 'b', 'get', 'broken'))),
    kvAnswer('tagged', 'b', null),
  )
  t.is((await plugin().entry('KV get broken answered null')).level, 'Error')
  const hasty = await startPlugin(t, 'workshop', { env: { KV_TIMEOUT: '400' } })
  t.deepEqual(
    timeless(await ask(hasty.path, kv('tagged', 's', 'get', 'stuck'))),
    kvAnswer('tagged', 's', null),
  )
  await hasty.entry('KV get stuck answered null: no answer within 400 ms')
  t.deepEqual(
    timeless(await ask(plugin().path, kv('tagged', 'n', 'set', 'key'))),
    kvAnswer('tagged', 'n', null),
  )
  t.is((await plugin().entry('KV set key answered null: a KV set carries a value')).level, 'Warn')
})

test('odd paths and queries are answered', async t => {
  for (const path of [
    '',
    '?',
    '//',
    '/%',
    '/%zz?%zz=%&=&&a=%C3%28',
    '/items/%E0%A4%A',
    `/${'a/'.repeat(5000)}`,
    '/..',
    '/\0',
    '*',
    'http://x/y',
    `/?${'a=1&'.repeat(20_000)}`,
  ]) {
    for (const dialect of ['tagged', 'documented'] as const) {
      const answer = await ask(plugin().path, http(dialect, path, { path }))
      t.is(idIn(answer), path)
    }
  }
})
