import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { ROOT } from '../../support/packed-project.js'
import { type Dev, pluginsFolder, pluginThat, startDev } from '../dev-host.js'

// Every row of the host's HTTP interface, over plain HTTP, with a sample that is built and a
// `.binary` in another language.

const endings: Array<() => unknown> = []
const plugins = pluginsFolder()
let dev: Dev

test.before(async () => {
  const place = { teardown: (run: () => unknown) => void endings.push(run) }
  mkdirSync(join(plugins, 'puppet'))
  writeFileSync(join(plugins, 'puppet', 'bundle.js'), BUNDLE)
  dev = await startDev(place, [
    join(ROOT, 'dist', 'samples', 'notes', 'main.js'),
    '--plugins',
    plugins,
  ])
  const events = await dev.events()
  for (const id of ['puppet', 'notes'])
    await pluginThat(events, plugin => plugin.id === id && plugin.state === 'running')
})

test.after.always(() => Promise.all(endings.map(run => run())))

const route = '/api/plugins/route'
const BUNDLE = `window.ToruPlugins = { puppet: 'ü' }`

test('the list has every plugin, and a plugin alone is the same object', async t => {
  const list = (await dev.json('/api/plugins')) as ReadonlyArray<Record<string, unknown>>
  t.deepEqual(list.map(({ id }) => id).sort(), ['notes', 'puppet'])
  const puppet = list.find(({ id }) => id === 'puppet')
  t.deepEqual(puppet, {
    id: 'puppet',
    name: 'Puppet',
    version: '1.0.0',
    author: null,
    icon: '🪆',
    enabled: true,
    running: true,
    health: 'healthy',
    pid: puppet?.pid,
    socket_path: puppet?.socket_path,
  })
  t.is(typeof puppet?.pid, 'number')
  t.regex(String(puppet?.socket_path), /puppet\.\d+\.sock$/)
  t.deepEqual(await dev.json('/api/plugins/puppet'), puppet)
  const { status, body } = await dev.ask('/api/plugins/nobody')
  t.deepEqual([status, body], [404, ''])
})

test('a request goes to the plugin as the host sends it: the path decoded once, the query as it came, every header, the body as text', async t => {
  const headers = {
    'x-thing': 'a',
    cookie: 'session_id=secret; other=1',
    'content-type': 'text/plain',
  }
  const {
    status,
    headers: answered,
    body,
  } = await dev.ask(`${route}/puppet/a%20b/%2F%3Fx/100%25?q=%20&r=1%2F`, {
    method: 'PUT',
    headers,
    body: 'grün',
  })
  t.is(status, 200)
  t.is(answered['content-type'], 'application/json')
  const seen = JSON.parse(body)
  t.deepEqual(
    {
      ...seen,
      headers: {
        thing: seen.headers['x-thing'],
        cookie: seen.headers.cookie,
        type: seen.headers['content-type'],
        host: seen.headers.host,
      },
    },
    {
      method: 'PUT',
      path: '/a b//?x/100%?q=%20&r=1%2F',
      headers: {
        thing: 'a',
        cookie: 'session_id=secret; other=1',
        type: 'text/plain',
        host: `127.0.0.1:${dev.port}`,
      },
      body: 'grün',
    },
  )
})

test('a body that is not UTF-8 is null, and so is an empty one', async t => {
  for (const body of [Buffer.from([0xff, 0xfe]), ''])
    t.is(JSON.parse((await dev.ask(`${route}/puppet/x`, { method: 'POST', body })).body).body, null)
})

test('the rest of the path may be missing, and the route itself may be encoded', async t => {
  const pathOf = async (path: string): Promise<unknown> =>
    JSON.parse((await dev.ask(path)).body).path
  t.deepEqual(
    await Promise.all(
      ['puppet', 'puppet/', 'puppet?a=1', '%70uppet%2Fx', 'puppet//x', 'puppet/%zz'].map(end =>
        pathOf(`${route}/${end}`),
      ),
    ),
    ['/', '/', '/?a=1', '/x', '//x', '/%zz'],
  )
})

test('a route that nobody has is 404, and one with dots is 400', async t => {
  const statusOf = async (path: string): Promise<number> => (await dev.ask(path)).status
  t.deepEqual(
    await Promise.all(
      [
        `${route}/nobody/x`,
        `${route}/`,
        route,
        `${route}/..%2Fx`,
        `${route}/%2e%2e/x`,
        `${route}/a..b/x`,
        `${route}/%ff`,
      ].map(statusOf),
    ),
    [404, 404, 404, 400, 400, 400, 400],
  )
})

test('a plugin of this package answers over the same way', async t => {
  const made = await dev.ask(`${route}/notes/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"Milk"}',
  })
  t.is(made.status, 201)
  const { id, title } = JSON.parse(made.body)
  t.is(title, 'Milk')
  t.is(made.headers.location, `/notes/${id}`)
  t.is((await dev.ask(`${route}/notes/${id}`, { method: 'DELETE' })).status, 204)
  t.is((await dev.ask(`${route}/notes/${id}`)).status, 404)
})

test('a request that takes long holds up no other', async t => {
  const slow = dev.ask(`${route}/puppet/wait`)
  t.is((await dev.ask(`${route}/puppet/`)).status, 200)
  t.is((await dev.ask(`${route}/notes/`)).status, 200)
  await dev.ask(`${route}/puppet/open`)
  t.is((await slow).status, 200)
})

test('HEAD has headers and no body', async t => {
  const { status, headers, body } = await dev.ask(`${route}/puppet/`, { method: 'HEAD' })
  t.deepEqual([status, headers['content-type'], body], [200, 'application/json', ''])
})

test('neither a path nor a plugin steers the terminal', async t => {
  t.is((await dev.ask(`${route}/puppet/close%1b%5b2J%0d%0aforged`, { method: 'POST' })).status, 200)
  t.is((await dev.ask(`${route}/puppet/cut?%1b%0a`, { method: 'POST' })).status, 502)
  await dev.says('POST /cut')
  t.false(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|^forged/m.test(dev.written()),
    JSON.stringify(dev.written().slice(-500)),
  )
})

test('a plugin that closes, cuts, announces too much, or answers something else is 502', async t => {
  const statusOf = async (path: string, body = ''): Promise<number> =>
    (await dev.ask(`${route}/puppet/${path}`, { method: 'POST', body })).status
  t.deepEqual(
    await Promise.all([
      statusOf('close'),
      statusOf('cut'),
      statusOf('long'),
      statusOf('frame', 'no JSON'),
      statusOf('frame', '{}'),
    ]),
    [502, 502, 502, 502, 502],
  )
})

test('an answer beyond the limits of the host comes as the host mangles it', async t => {
  const inner = async (answer: unknown): Promise<readonly [number, unknown, string]> => {
    const { status, headers, body } = await dev.ask(`${route}/puppet/inner`, {
      method: 'POST',
      body: JSON.stringify(answer),
    })
    const { date: _, connection: _c, 'keep-alive': _k, 'content-length': _l, ...rest } = headers
    return [status, rest, body]
  }
  t.deepEqual(await inner({ status: 200, headers: { a: '1', b: 2 }, body: 'x' }), [200, {}, 'x'])
  t.deepEqual(
    await inner({ status: 200, headers: { a: '1', b: 'x\r\ny: z', 'c d': '1' }, body: 'x' }),
    [200, { a: '1' }, 'x'],
  )
  t.deepEqual(await inner({ status: 65_536 + 404, headers: {}, body: 'x' }), [404, {}, 'x'])
  t.deepEqual(await inner({ status: 101, headers: { a: '1' }, body: 'x' }), [500, {}, ''])
  t.deepEqual(await inner({ status: 204, headers: { a: '1' }, body: null }), [204, { a: '1' }, ''])
  // A wrong length would break the connection: the browser gets the true one, and the author a
  // warning.
  t.deepEqual(
    await inner({
      status: 200,
      headers: { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' },
      body: 'longer',
    }),
    [200, {}, 'longer'],
  )
  await dev.says(
    /POST \/inner: its header Content-Length: 5 is not that of its body, which has 6 bytes: today's host/,
  )
  const deep = `{"status":200,"headers":{},"body":${'['.repeat(128)}${']'.repeat(128)}}`
  const { status, body } = await dev.ask(`${route}/puppet/inner`, { method: 'POST', body: deep })
  t.deepEqual([status, body], [500, ''])
})

test('the bundle beside a .binary is served and never cached; without a frontend it is 404', async t => {
  const { status, headers, body } = await dev.ask('/api/plugins/puppet/bundle.js')
  t.deepEqual(
    [status, headers['content-type'], headers['cache-control'], body],
    [200, 'application/javascript', 'no-store', BUNDLE],
  )
  t.is((await dev.ask('/api/plugins/notes/bundle.js')).status, 404)
  t.is((await dev.ask('/api/plugins/nobody/bundle.js')).status, 404)
})

test('the table of keys: set, get, delete, and what is wrong', async t => {
  const kv = async (operation: unknown, id = 'puppet'): Promise<unknown> => {
    const { status, body } = await dev.post(`/api/plugins/${id}/kv`, operation)
    return [status, JSON.parse(body)]
  }
  t.deepEqual(await kv({ action: 'get', key: 'theme' }), [200, { value: null }])
  t.deepEqual(await kv({ action: 'set', key: 'theme', value: 'dark' }), [200, { value: 'dark' }])
  t.deepEqual(await kv({ action: 'get', key: 'theme' }), [200, { value: 'dark' }])
  t.deepEqual(await kv({ action: 'get', key: 'theme' }, 'notes'), [200, { value: null }])
  t.deepEqual(await kv({ action: 'delete', key: 'theme' }), [200, { value: null }])
  t.deepEqual(await kv({ action: 'get', key: 'theme' }), [200, { value: null }])
  t.deepEqual(await kv({ action: 'set', key: 'theme' }), [
    400,
    { error: "Missing 'value' field for set operation" },
  ])
  t.deepEqual(await kv({ action: 'toggle', key: 'theme' }), [
    400,
    { error: 'Invalid action: toggle' },
  ])
  t.is((await dev.ask('/api/plugins/puppet/kv', { method: 'POST', body: '{}' })).status, 415)
})

test('the log: newest first, by pages, at least a level, and what the host makes of stderr', async t => {
  const events = await dev.events()
  const write = (body: string) => dev.ask(`${route}/puppet/stderr`, { method: 'POST', body })
  const entry = (level: string, message: string, more = {}): string =>
    JSON.stringify({
      timestamp: '2026-01-01T00:00:00Z',
      level,
      message,
      plugin: 'puppet',
      extra: 1,
      ...more,
    })
  for (const [text, shown] of [
    [entry('Error', 'first', { error: 'why', pid: 5 }), 'first'],
    ['only text\n', 'only text'],
    [
      JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', level: 'Info', message: 'of nobody' }),
      undefined,
    ],
    [entry('Debug', 'last'), 'last'],
  ] as const) {
    await write(text)
    if (shown !== undefined) await events.until('log', ({ message }) => message === shown)
  }
  const logs = async (query: string): Promise<ReadonlyArray<Record<string, unknown>>> =>
    (
      (await dev.json(`/api/plugins/puppet/logs${query}`)) as {
        logs: ReadonlyArray<Record<string, unknown>>
      }
    ).logs
  // Another test makes the plugin print.
  const all = (await logs('')).filter(
    ({ message }) => !String(message).startsWith('printed on stdout'),
  )
  t.deepEqual(
    all.map(({ level, message }) => [level, message]),
    [
      ['Debug', 'last'],
      ['Info', 'only text'],
      ['Error', 'first'],
    ],
  )
  t.deepEqual(all[2], {
    timestamp: '2026-01-01T00:00:00Z',
    level: 'Error',
    message: 'first',
    plugin: 'puppet',
    error: 'why',
    pid: 5,
  })
  t.deepEqual(
    (await logs('?level=error')).map(({ message }) => message),
    ['first'],
  )
  t.deepEqual(await logs('?page=1&page_size=1&level=error'), [])
  t.deepEqual(
    [...(await logs('?page_size=2')), ...(await logs('?page=1&page_size=2'))],
    await logs('?page_size=4'),
  )
  t.like(await dev.json('/api/plugins/puppet/logs?page=7&page_size=3'), {
    logs: [],
    page: 7,
    page_size: 3,
  })
  t.is((await dev.ask('/api/plugins/nobody/logs')).status, 404)
})

test('what a plugin prints is drained, and said to be read by no host', async t => {
  const events = await dev.events()
  await dev.ask(`${route}/puppet/stdout`, { method: 'POST', body: 'printed' })
  t.is((await events.until('log', ({ message }) => message.includes('printed'))).level, 'Warn')
})

test('the memory of a plugin and its children is measured while somebody looks', async t => {
  const events = await dev.events()
  const { memory } = await events.until(
    'plugin',
    plugin => plugin.id === 'notes' && plugin.memory !== null,
  )
  t.true((memory ?? 0) > 10e6)
})

test('a kv message to the plugin itself, from the console', async t => {
  const tried = async (operation: unknown): Promise<unknown> =>
    JSON.parse((await dev.post('/api/dev/plugins/puppet/kv', operation)).body)
  t.deepEqual(await tried({ action: 'set', key: 'k', value: 'v' }), { value: null })
  t.deepEqual(await tried({ action: 'get', key: 'k' }), { value: 'v' })
})

test('the traffic has every exchange with its frames', async t => {
  const events = await dev.events()
  await dev.ask(`${route}/puppet/seen?x=1`)
  const { n, ...exchange } = await events.until('exchange', ({ path }) => path === '/seen?x=1')
  t.like(exchange, {
    plugin: 'puppet',
    kind: 'http',
    dialect: 'tagged',
    title: 'GET /seen?x=1',
    method: 'GET',
    status: 200,
    error: null,
  })
  const { exchanges } = (await dev.json('/api/dev/traffic')) as {
    exchanges: ReadonlyArray<{ n: number }>
  }
  t.true(exchanges.some(one => one.n === n))
  const raw = (await dev.json(`/api/dev/traffic/${n}`)) as {
    sent: { length: number; header: string; text: string }
    received: { text: string }
  }
  t.is(Number.parseInt(raw.sent.header, 16), raw.sent.length)
  t.is(Buffer.byteLength(raw.sent.text), raw.sent.length)
  t.is(raw.sent.length + 4, exchange.sent)
  t.is(JSON.parse(raw.sent.text).payload.payload.path, '/seen?x=1')
  t.is(JSON.parse(raw.received.text).payload.payload.method, 'RESPONSE')
  t.is((await dev.ask('/api/dev/traffic/999999')).status, 404)
})

test('the console edits both stores, and sees what a plugin says of itself', async t => {
  const entries = async (id: string, store: string): Promise<unknown> =>
    ((await dev.json(`/api/dev/plugins/${id}/entries?store=${store}`)) as { entries: unknown })
      .entries
  t.is(
    (
      await dev.post('/api/dev/plugins/notes/entries', {
        store: 'host',
        key: 'edited',
        value: 'yes',
      })
    ).status,
    200,
  )
  t.deepEqual(await entries('notes', 'host'), [{ key: 'edited', value: 'yes' }])
  t.is(
    (
      await dev.post('/api/dev/plugins/notes/entries', {
        store: 'host',
        key: 'edited',
        value: null,
      })
    ).status,
    200,
  )
  t.deepEqual(await entries('notes', 'host'), [])
  t.is(
    (await dev.post('/api/dev/plugins/puppet/entries', { store: 'plugin', key: 'a', value: 'b' }))
      .status,
    400,
  )
  t.regex(
    String(
      ((await dev.json('/api/dev/plugins/puppet/entries?store=plugin')) as { problem: string })
        .problem,
    ),
    /there is no .*kv\.sqlite/,
  )
  const description = (await dev.json('/api/dev/plugins/notes/description')) as {
    describe: number
    routes: ReadonlyArray<unknown>
  }
  t.is(description.describe, 1)
  t.is(description.routes.length, 5)
})

test.serial('disable ends a plugin, and enable starts it again', async t => {
  const before = (await dev.json('/api/plugins/puppet')) as { pid: number }
  const change = async (what: string, id = 'puppet'): Promise<unknown> => {
    const { status, body } = await dev.ask(`/api/plugins/${id}/${what}`, { method: 'POST' })
    return [status, JSON.parse(body)]
  }
  t.deepEqual(await change('disable'), [200, { success: true }])
  t.like(await dev.json('/api/plugins/puppet'), {
    enabled: false,
    running: false,
    health: 'disabled',
    pid: null,
  })
  t.is((await dev.ask(`${route}/puppet/`)).status, 404)
  t.is((await dev.ask('/api/plugins/puppet/bundle.js')).status, 404)
  t.throws(() => process.kill(before.pid, 0), { code: 'ESRCH' })
  t.deepEqual(await change('enable'), [200, { success: true }])
  await pluginThat(await dev.events(), ({ id, state }) => id === 'puppet' && state === 'running')
  t.is((await dev.ask(`${route}/puppet/`)).status, 200)
  t.like(JSON.parse((await dev.ask(`${route}/puppet/lifecycle`)).body)[0], { action: 'init' })
  t.deepEqual(await change('enable', 'nobody'), [404, { error: 'Plugin not found' }])
  t.deepEqual(await change('disable', 'nobody'), [404, { error: 'Plugin not found' }])
})

test.serial(
  'a plugin that cannot be started any more is 500 when it is enabled, with the reason',
  async t => {
    const file = join(plugins, 'puppet.binary')
    const kept = join(plugins, 'kept')
    const post = async (what: string): Promise<unknown> => {
      const { status, body } = await dev.ask(`/api/plugins/puppet/${what}`, { method: 'POST' })
      return [status, JSON.parse(body)]
    }
    await post('disable')
    renameSync(file, kept)
    writeFileSync(file, '#!/bin/sh\nexit 3\n', { mode: 0o755 })
    const [status, answer] = (await post('enable')) as [number, { error: string }]
    renameSync(kept, file)
    await post('disable')
    const mended = await post('enable')
    t.is(status, 500)
    t.regex(answer.error, /^Failed to enable plugin: .*exit code 3/)
    t.deepEqual(mended, [200, { success: true }])
  },
)
