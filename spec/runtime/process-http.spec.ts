import test from 'ava'
import { ask, connectHost } from '../support/host.js'
import {
  http,
  idIn,
  jsonResponse,
  kv,
  kvAnswer,
  type Request,
  responseIn,
  timeless,
} from '../support/messages.js'
import { type PluginProcess, startPlugin } from '../support/plugin-process.js'
import { sharedPlugin } from '../support/shared-plugin.js'

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

test('a path without a route is 404, and the log has it', async t => {
  t.deepEqual(
    await responseTo({ path: '/nowhere?secret=1' }),
    failure(404, 'InvalidRequest', 'there is no route GET /nowhere'),
  )
  const { level, handler } = await plugin().entry('GET /nowhere answered 404')
  t.deepEqual({ level, handler }, { level: 'Info', handler: 'none' })
})

test('a method without a route is 405 with what is allowed', async t => {
  t.deepEqual(
    await responseTo({ method: 'PATCH', path: '/items/1' }),
    failure(
      405,
      'InvalidRequest',
      '/items/1 does not take PATCH, but DELETE, GET, HEAD, OPTIONS, PUT',
      {
        Allow: 'DELETE, GET, HEAD, OPTIONS, PUT',
      },
    ),
  )
  t.deepEqual(
    await responseTo({ method: 'get', path: '/length' }),
    failure(405, 'InvalidRequest', '/length does not take get, but OPTIONS, POST', {
      Allow: 'OPTIONS, POST',
    }),
  )
})

test('OPTIONS says what is allowed, and HEAD is a GET without its body', async t => {
  t.deepEqual(await responseTo({ method: 'OPTIONS', path: '/length' }), {
    status: 204,
    headers: { Allow: 'OPTIONS, POST' },
    body: null,
  })
  const head = await responseTo({ method: 'HEAD', path: '/plain' })
  t.deepEqual(head, {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: null,
  })
  t.deepEqual(await responseTo({ method: 'HEAD', path: '/nowhere' }), {
    status: 404,
    headers: { 'Content-Type': 'application/json' },
    body: null,
  })
})

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

test('an error that is meant for the client reaches it with status and headers', async t => {
  t.deepEqual(
    await responseTo({ path: '/fails/teapot' }),
    failure(418, 'InvalidRequest', 'a teapot', { 'X-Pot': 'tea' }),
  )
})

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

test('the host’s session cookie does not reach a handler, other cookies do', async t => {
  const host = await connectHost(plugin().path)
  host.send(
    http('documented', 'c', {
      method: 'POST',
      path: '/reflect',
      headers: { Cookie: 'a=1; session_id=topsecret; b=2' },
    }),
  )
  const answer = JSON.stringify(await host.answer())
  host.destroy()
  t.false(answer.includes('topsecret'))
  t.true(answer.includes('a=1; b=2'))
})
