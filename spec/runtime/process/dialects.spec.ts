import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { ask, connectHost } from '../../support/host.js'
import {
  DIALECTS,
  type Dialect,
  http,
  httpAnswer,
  jsonResponse,
  kv,
  kvAnswer,
  lifecycle,
  namelessHttp,
  type Response,
  STAMP,
  timeless,
} from '../../support/messages.js'
import { pythonHost } from '../../support/python-host.js'
import { sharedPlugin } from '../../support/shared-plugin.js'

const plugin = sharedPlugin('workshop')

const answerTo = async (message: unknown): Promise<unknown> =>
  timeless(await ask(plugin().path, message))

const HOME = jsonResponse({ status: 'ok' })
const PAGE: Response = {
  status: 201,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'X-Count': '5' },
  body: '<p>"quoted" & \\ \u2028</p>',
}

for (const dialect of DIALECTS) {
  test(`${dialect}: a GET is answered in its dialect with its request_id wherever the dialect has one`, async t => {
    t.deepEqual(await answerTo(http(dialect, 'id-1')), httpAnswer(dialect, 'id-1', HOME))
  })

  test(`${dialect}: a POST arrives with its path, query, headers and body as they were sent`, async t => {
    const body = '{"name":"Zoë 🔌","n":1.0e2,"s":"\\u00e9"}'
    const headers = { 'content-type': 'application/json', 'x-odd': 'ü; "q"', ['__proto__']: 'p' }
    const reflected = {
      method: 'POST',
      path: '/reflect',
      url: '/reflect?x=1&y=a%20b&x=2',
      params: {},
      query: { x: ['1', '2'], y: 'a b' },
      headers,
      body,
      requestId: 'id-2',
    }
    const answer = await answerTo(
      http(dialect, 'id-2', { method: 'POST', path: '/reflect?x=1&y=a%20b&x=2', headers, body }),
    )
    t.deepEqual(answer, httpAnswer(dialect, 'id-2', jsonResponse(reflected)))
  })

  test(`${dialect}: the text and the headers of an answer arrive unchanged`, async t => {
    t.deepEqual(
      await answerTo(http(dialect, 'ü"\\🔌', { path: '/page' })),
      httpAnswer(dialect, 'ü"\\🔌', PAGE),
    )
  })

  test(`${dialect}: a path below the plugin's own route is served as well`, async t => {
    t.deepEqual(
      await answerTo(http(dialect, 'id-3', { path: '/workshop/items/7?a' })),
      itemAnswer(dialect, 'id-3', '7', '/items/7', '/workshop/items/7?a', { a: '' }),
    )
    t.deepEqual(
      await answerTo(http(dialect, 'id-4', { path: '/workshop' })),
      httpAnswer(dialect, 'id-4', HOME),
    )
  })

  test(`${dialect}: a missing body is none, and fields that nobody knows are overlooked`, async t => {
    const message = http(dialect, 'id-5', { method: 'POST', path: '/length' })
    const text = JSON.stringify(message).replace(',"body":null', ',"extra":[{"type":"kv"}]')
    t.deepEqual(
      await answerTo(Buffer.from(text)),
      httpAnswer(dialect, 'id-5', jsonResponse({ length: null })),
    )
  })

  test(`${dialect}: a value is set, read and deleted`, async t => {
    const host = await connectHost(plugin().path)
    const key = `${dialect} key "ü"`
    host.send(
      kv(dialect, 'a', 'set', key, 'v 🔌'),
      kv(dialect, 'b', 'get', key),
      kv(dialect, 'c', 'delete', key),
      kv(dialect, 'd', 'get', key),
    )
    const answers = await host.answers(4)
    host.destroy()
    t.deepEqual(answers.map(timeless), [
      kvAnswer(dialect, 'a', null),
      kvAnswer(dialect, 'b', 'v 🔌'),
      kvAnswer(dialect, 'c', null),
      kvAnswer(dialect, 'd', null),
    ])
  })

  test(`${dialect}: a lifecycle message gets no answer, whatever its action`, async t => {
    const host = await connectHost(plugin().path)
    host.send(
      lifecycle(dialect, { action: 'ping' }),
      lifecycle(dialect, { action: 'dance' }),
      http(dialect, 'after'),
    )
    host.end()
    t.deepEqual((await host.rest()).map(timeless), [httpAnswer(dialect, 'after', HOME)])
  })

  test(`${dialect}: bare lines are answered in lines, also with CR LF, blank lines and none at the end`, async t => {
    const host = await connectHost(plugin().path, 'lines')
    const [one, two, three] = ['l1', 'l2', 'l3'].map(id => JSON.stringify(http(dialect, id)))
    host.raw(`\n${one}\r\n \n${two}\n${three}`)
    host.end()
    t.deepEqual(
      (await host.rest()).map(timeless),
      ['l1', 'l2', 'l3'].map(id => httpAnswer(dialect, id, HOME)),
    )
  })
}

const itemAnswer = (
  dialect: Dialect,
  requestId: string,
  id: string,
  path: string,
  url: string,
  query: object = {},
) => httpAnswer(dialect, requestId, jsonResponse({ id, path, url, query }))

test('tagged: the path has been decoded and is taken literally', async t => {
  for (const [sent, id] of [
    ['/items/a b', 'a b'],
    ['/items/100%', '100%'],
    ['/items/a%20b', 'a%20b'],
    ['/items/ü🔌', 'ü🔌'],
  ] as const) {
    t.deepEqual(
      await answerTo(http('tagged', 'p', { path: sent })),
      itemAnswer('tagged', 'p', id, sent, sent),
    )
  }
})

test('documented and nested: each segment of the path is decoded once', async t => {
  for (const dialect of ['documented', 'nested'] as const) {
    for (const [sent, id] of [
      ['/items/a%20b', 'a b'],
      ['/items/a%2Fb', 'a/b'],
      ['/items/100%2525', '100%25'],
      ['/items/%C3%BC', 'ü'],
    ] as const) {
      t.deepEqual(
        await answerTo(http(dialect, 'p', { path: sent })),
        itemAnswer(dialect, 'p', id, sent, sent),
      )
    }
  }
})

test('a wrapped KV request is answered like a bare one', async t => {
  const message = {
    type: 'kv',
    timestamp: STAMP,
    request_id: 'w',
    payload: { payload: { action: 'set', key: 'wrapped', value: '1' } },
  }
  t.deepEqual(await answerTo(message), kvAnswer('nested', 'w', null))
})

test('a request_id that is null or absent is so in the answer', async t => {
  t.deepEqual(await answerTo(http('documented', null)), httpAnswer('documented', null, HOME))
  const { request_id: _, ...nameless } = {
    ...httpAnswer('documented', null, HOME),
    request_id: null,
  }
  t.deepEqual(await answerTo(namelessHttp()), nameless)
})

test('tagged: an outer request_id that is null is completed by the inner one', async t => {
  const message = { ...http('tagged', 'inner'), request_id: null }
  t.deepEqual(await answerTo(message), httpAnswer('tagged', 'inner', HOME))
})

pythonTest('a host in Python speaks all three dialects on one connection', async t => {
  const program = `
s = dial()
out = []
for message in [tagged('t', where='/items/a b'), documented('d', where='/items/a%20b'), {**documented('n'), 'payload': {'payload': documented('n', where='/plain')['payload']}}]:
    s.sendall(frame(message)); out.append(receive(s))
tell(out)
`
  const answers = await pythonHost(plugin().path, program)
  t.deepEqual(Array.isArray(answers) && answers.map(timeless), [
    itemAnswer('tagged', 't', 'a b', '/items/a b', '/items/a b'),
    itemAnswer('documented', 'd', 'a b', '/items/a%20b', '/items/a%20b'),
    httpAnswer('nested', 'n', {
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: 'grüße 🔌',
    }),
  ])
})
