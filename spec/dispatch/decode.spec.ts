import test from 'ava'
import * as io from 'io-ts'
import { DateFromISOString } from 'io-ts-types/lib/DateFromISOString.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { Get, Plugin, Post } from '../../decorators/index.js'
import { sentence } from '../../lib/codec/explain.js'
import type { Detail } from '../../lib/domain/plugin-error.js'
import type { RouteSchema } from '../../lib/domain/route-schema.js'
import { jsonAnswer, METADATA, running } from './harness.js'

/** A plugin whose handler answers with the decoded parts of its request. */
const echo = (schema: RouteSchema, bodyLimit = 100) => {
  @Plugin(METADATA, { bodyLimit })
  class Notes {
    @Get('/:id', schema)
    @Post('/:id', schema)
    one({
      params,
      query,
      headers,
      body,
    }: {
      params: unknown
      query: unknown
      headers: unknown
      body: unknown
    }) {
      return { params, query, headers, body }
    }
  }
  return running(new Notes()).ask
}

const refused = (
  ...details: ReadonlyArray<readonly [path: string, expected: string, got: string]>
) => {
  const listed: ReadonlyArray<Detail> = details.map(([path, expected, got]) => ({
    path,
    expected,
    got,
  }))
  return jsonAnswer(400, { error: 'InvalidRequest', message: sentence(listed), details: listed })
}

test('without codecs every part is text', t => {
  const answer = echo({})({
    method: 'POST',
    path: '/5?q=a&q=b&r=c',
    headers: { 'X-Key': 'k' },
    body: '{"a":1}',
  })
  t.deepEqual(
    answer,
    jsonAnswer(200, {
      params: { id: '5' },
      query: { q: ['a', 'b'], r: 'c' },
      headers: { 'x-key': 'k' },
      body: '{"a":1}',
    }),
  )
})

test('parts without a codec stay as they are beside one that has', t => {
  const answer = echo({ params: io.type({ id: NumberFromString }) })({
    path: '/5?q=a',
    headers: { 'x-key': 'k' },
  })
  t.deepEqual(
    answer,
    jsonAnswer(200, {
      params: { id: 5 },
      query: { q: 'a' },
      headers: { 'x-key': 'k' },
      body: null,
    }),
  )
})

test('numbers, dates and arrays reach the handler decoded', t => {
  const seen: unknown[] = []
  const params = io.type({ id: NumberFromString })
  const query = io.type({
    since: DateFromISOString,
    tag: io.array(io.string),
    page: io.union([NumberFromString, io.undefined]),
  })
  @Plugin(METADATA)
  class Notes {
    @Get('/:id', { params, query, headers: io.type({ 'x-count': NumberFromString }) })
    one(req: {
      params: { id: number }
      query: io.TypeOf<typeof query>
      headers: { 'x-count': number }
    }) {
      seen.push(
        req.params.id + 1,
        req.query.since.getTime(),
        req.query.tag,
        req.query.page,
        req.headers['x-count'],
      )
    }
  }
  const { ask } = running(new Notes())
  ask({ path: '/5?since=2020-01-01T00:00:00.000Z&tag=a', headers: { 'X-Count': '3' } })
  t.deepEqual(seen, [6, Date.UTC(2020), ['a'], undefined, 3])
})

test('t.exact strips what its codec does not name', t => {
  const schema = {
    query: io.exact(io.partial({ a: io.string })),
    body: io.strict({ a: io.number }),
  }
  const answer = echo({ ...schema, headers: io.exact(io.type({ host: io.string })) })({
    method: 'POST',
    path: '/5?a=1&b=2',
    headers: { host: 'h', other: 'o' },
    body: '{"a":1,"b":2}',
  })
  t.deepEqual(
    answer,
    jsonAnswer(200, {
      params: { id: '5' },
      query: { a: '1' },
      headers: { host: 'h' },
      body: { a: 1 },
    }),
  )
})

test('several parts that are wrong are one 400 with every reason', t => {
  const ask = echo({
    params: io.type({ id: NumberFromString }),
    query: io.type({ page: NumberFromString, tag: io.array(NumberFromString) }),
    headers: io.type({ 'x-key': io.string }),
    body: io.type({ title: io.string, lines: io.array(io.type({ n: io.number })) }),
  })
  t.deepEqual(
    ask({
      method: 'POST',
      path: '/x?tag=1&tag=b',
      body: '{"title":5,"lines":[{"n":1},{"n":"2"},{}]}',
    }),
    refused(
      ['params.id', 'NumberFromString', '"x"'],
      ['query.page', 'NumberFromString', 'nothing'],
      ['query.tag.1', 'NumberFromString', '"b"'],
      ['headers.x-key', 'string', 'nothing'],
      ['body.title', 'string', '5'],
      ['body.lines.1.n', 'number', '"2"'],
      ['body.lines.2.n', 'number', 'nothing'],
    ),
  )
})

test('a handler whose request is refused does not run', t => {
  let calls = 0
  @Plugin(METADATA)
  class Notes {
    @Get('/:id', { params: io.type({ id: NumberFromString }) })
    one() {
      calls++
    }
  }
  const { ask, log } = running(new Notes())
  t.deepEqual(ask({ path: '/x' }), refused(['params.id', 'NumberFromString', '"x"']))
  t.is(calls, 0)
  t.deepEqual(log.entries, [
    [
      'info',
      'GET /x answered 400: params.id: expected NumberFromString, got "x"',
      { handler: 'Notes.one' },
    ],
  ])
})

test('a repeated key is refused where the codec takes one value', t => {
  t.deepEqual(
    echo({ query: io.type({ a: io.string }) })({ path: '/5?a=1&a=2' }),
    refused(['query.a', 'string', '["1","2"]']),
  )
})

const CREDENTIALS = {
  Authorization: 'Bearer s3cret',
  'Proxy-Authorization': 's3cret',
  Cookie: 'a=s3cret',
  'X-Api-Key': 's3cret',
}

test('credentials in headers are never repeated', t => {
  const none = io.literal('none')
  const concealed = 'a value that is not shown'
  const names = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'] as const
  const codec = io.type({
    authorization: none,
    'proxy-authorization': none,
    cookie: none,
    'x-api-key': none,
  })
  t.deepEqual(
    echo({ headers: codec })({ path: '/5', headers: CREDENTIALS }),
    refused(...names.map(name => [`headers.${name}`, '"none"', concealed] as const)),
  )
  const whole: ReadonlyArray<io.Mixed> = [
    io.refinement(io.UnknownRecord, () => false, 'Strict'),
    io.string,
    io.union([io.string, io.type({ none: io.string })]),
    io.intersection([io.refinement(io.UnknownRecord, () => false), io.type({ none: io.string })]),
  ]
  for (const headers of whole) {
    const answer = echo({ headers })({ path: '/5', headers: CREDENTIALS })
    t.notRegex(JSON.stringify(answer), /s3cret/, headers.name)
  }
})

test('a codec that throws is a fault of the plugin', t => {
  const Careless = io.refinement(io.string, text => JSON.parse(text) !== null, 'Careless')
  const { log, ask } = (() => {
    @Plugin(METADATA)
    class Notes {
      @Get('/:id', { params: io.type({ id: Careless }) })
      one() {
        return 1
      }
    }
    return running(new Notes())
  })()
  t.deepEqual(
    ask({ path: '/x' }),
    jsonAnswer(500, {
      error: 'Internal',
      message: 'the plugin failed to answer; its log has the reason',
    }),
  )
  t.deepEqual(
    log.entries.map(([level, , fields]) => [level, Object.keys(fields ?? {})]),
    [['error', ['handler', 'error']]],
  )
  t.is(ask({ path: '/5' }) instanceof Promise, false)
})
