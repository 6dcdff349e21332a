import test from 'ava'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { Plugin, Post } from '../../decorators/index.js'
import { jsonAnswer, METADATA, running } from './harness.js'

/** A plugin that answers with its decoded body. */
const echo = (body: io.Mixed, bodyLimit = 100) => {
  @Plugin(METADATA, { bodyLimit })
  class Notes {
    @Post('/', { body })
    one(req: { body: unknown }) {
      return [req.body]
    }
  }
  const { ask } = running(new Notes())
  return (text: string | null, type?: string, said: object = {}) =>
    ask({
      method: 'POST',
      body: text,
      headers: type === undefined ? {} : { 'Content-Type': type },
      ...said,
    })
}

const Title = io.type({ title: io.string })
const read = (body: unknown) => jsonAnswer(200, [body])
const refused = (status: number, message: string, details?: unknown) =>
  jsonAnswer(status, {
    error: 'InvalidRequest',
    message,
    ...(details === undefined ? {} : { details }),
  })

for (const type of [
  undefined,
  '',
  'application/json',
  'Application/JSON; charset=utf-8',
  ' application/json ;x=y',
  'application/problem+json',
  'application/vnd.api+json; a=b',
]) {
  test(`a body of ${type === undefined ? 'no type' : JSON.stringify(type)} is JSON`, t => {
    t.deepEqual(echo(Title)('{"title":"a"}', type), read({ title: 'a' }))
  })
}

test('the fields of a form are texts, and an array where the codec asks for one', t => {
  const Form = io.type({ title: io.string, n: NumberFromString, tag: io.array(io.string) })
  const form = 'application/x-www-form-urlencoded; charset=utf-8'
  t.deepEqual(echo(Form)('title=a+b%26&n=5&tag=x', form), read({ title: 'a b&', n: 5, tag: ['x'] }))
  t.deepEqual(
    echo(Form)('title=a&n=x&tag=x', form),
    refused(400, 'body.n: expected NumberFromString, got "x"', [
      { path: 'body.n', expected: 'NumberFromString', got: '"x"' },
    ]),
  )
  const forbidden = { path: 'body.__proto__', expected: 'no key "__proto__"', got: 'one' }
  t.deepEqual(
    echo(io.UnknownRecord)('__proto__=x', form),
    refused(400, 'body.__proto__: expected no key "__proto__", got one', [forbidden]),
  )
})

for (const type of [
  'text/plain',
  'text/json',
  'multipart/form-data; boundary=x',
  'application/xml',
  'image/svg+json',
  'json',
]) {
  test(`a body of ${type} is 415`, t => {
    const kind = type.split(';')[0]
    t.deepEqual(
      echo(Title)('{"title":"a"}', type),
      refused(
        415,
        `expected a body of application/json or application/x-www-form-urlencoded, got ${kind}`,
      ),
    )
  })
}

test('a form of too many fields is not read', t => {
  const echoed = echo(io.UnknownRecord, 1_000_000)(
    '&'.repeat(10_000),
    'application/x-www-form-urlencoded',
  )
  t.deepEqual(echoed, refused(413, 'the form has more than 10000 fields'))
})

test('a body of more values than may be is not read, however short it is', t => {
  const echoed = echo(io.array(io.UnknownRecord), 1_000_000)(`[${'{},'.repeat(60_000)}{}]`)
  const most =
    'it holds more than 250000 values, where an object, an array and a new name count as 4 more'
  t.deepEqual(echoed, refused(413, `the body is not read: ${most}`))
})

test('what is not JSON is 400, and what it holds is not repeated', t => {
  const details = [{ path: 'body', expected: 'JSON', got: 'text that is not JSON' }]
  for (const text of ['{', 'title=a', '{"a":1,}', ' ', 'NaN', '{}\ufeff']) {
    t.deepEqual(
      echo(Title)(text),
      refused(400, 'body: expected JSON, got text that is not JSON', details),
      text,
    )
  }
})

test('a byte order mark in front of a body is left out', t => {
  t.deepEqual(echo(Title)('\ufeff{"title":"\ufeff"}'), read({ title: '\ufeff' }))
})

for (const [body, path, expected, got] of [
  ['{"title":"a","__proto__":{"a":1}}', 'body.__proto__', 'no key "__proto__"', 'one'],
  [
    '[{"constructor":{"prototype":1}}]',
    'body.0.constructor.prototype',
    'no key "constructor.prototype"',
    'one',
  ],
  ['{"n":[1e999]}', 'body.n.0', 'a number up to 1.7976931348623157e+308', 'a larger one'],
  ['{\u0000"\u0000a\u0000"\u0000', 'body', 'JSON', 'text in UTF-16'],
] as const) {
  test(`a body of ${JSON.stringify(body)} is 400`, t => {
    t.deepEqual(
      echo(io.unknown)(body),
      refused(400, `${path}: expected ${expected}, got ${got}`, [{ path, expected, got }]),
    )
  })
}

test('a body in another charset is read where its text is ASCII', t => {
  const latin = 'application/json; charset="ISO-8859-1"'
  t.deepEqual(echo(Title)('{"title":"a"}', latin), read({ title: 'a' }))
  t.deepEqual(echo(Title)('{"title":"é"}', 'application/json;CHARSET=UTF-8'), read({ title: 'é' }))
  t.deepEqual(
    echo(Title)('{"title":"é"}', latin),
    refused(415, 'expected a body in UTF-8, got iso-8859-1'),
  )
})

test('a body that the host could not decode is not a missing one', t => {
  const details = [{ path: 'body', expected: 'text in UTF-8', got: 'bytes that are not' }]
  t.deepEqual(
    echo(io.partial({ a: io.string }))(null, undefined, { headers: { 'content-length': '3' } }),
    refused(400, 'body: expected text in UTF-8, got bytes that are not', details),
  )
})

test('a missing body is undefined or an empty object, if the codec takes that', t => {
  const details = [{ path: 'body', expected: '{ title: string }', got: 'nothing' }]
  for (const body of ['', null]) {
    t.deepEqual(
      echo(Title)(body, 'text/plain'),
      refused(400, 'body: expected { title: string }, got nothing', details),
    )
    t.deepEqual(echo(io.union([io.undefined, Title]))(body), read(undefined))
    t.deepEqual(echo(io.unknown)(body), read(undefined))
    for (const codec of [io.partial({ a: io.string }), io.UnknownRecord, io.type({})])
      t.deepEqual(echo(codec)(body), read({}), codec.name)
  }
})

test('the longest body is counted in bytes', t => {
  const ask = echo(io.string, 100)
  const tooLong = refused(
    413,
    'the body is longer than 100 bytes, which is the most that is read here',
  )
  t.deepEqual(ask(JSON.stringify('é'.repeat(49))), read('é'.repeat(49)))
  t.deepEqual(ask(JSON.stringify(`${'é'.repeat(49)}a`)), tooLong)
  t.deepEqual(ask(JSON.stringify('a'.repeat(99))), tooLong)
  t.deepEqual(ask('x'.repeat(101), 'text/plain'), tooLong)
})

test('a route without a body codec takes a body of any length and kind', t => {
  @Plugin(METADATA, { bodyLimit: 0 })
  class Notes {
    @Post('/')
    one(req: { body: string | null }) {
      return req.body?.length ?? 0
    }
  }
  t.deepEqual(
    running(new Notes()).ask({
      method: 'POST',
      body: 'x'.repeat(1000),
      headers: { 'content-type': 'text/plain' },
    }),
    jsonAnswer(200, 1000),
  )
})

test('a body that is too long or of the wrong kind speaks for all that is wrong', t => {
  @Plugin(METADATA, { bodyLimit: 10 })
  class Notes {
    @Post('/', { body: Title, query: io.type({ page: NumberFromString }) })
    one() {
      return 1
    }
  }
  const { ask } = running(new Notes())
  const answers = [
    { body: 'x'.repeat(11) },
    { body: '{}', headers: { 'content-type': 'text/plain' } },
  ].map(said => ask({ method: 'POST', ...said }))
  t.deepEqual(
    answers.map(answer => (answer instanceof Promise ? 0 : answer.status)),
    [413, 415],
  )
  const both = [
    { path: 'query.page', expected: 'NumberFromString', got: 'nothing' },
    { path: 'body', expected: 'JSON', got: 'text that is not JSON' },
  ]
  t.deepEqual(
    ask({ method: 'POST', body: '{' }),
    refused(
      400,
      'query.page: expected NumberFromString, got nothing; body: expected JSON, got text that is not JSON',
      both,
    ),
  )
})

test('a body nested deeper than the stack is refused, not fatal', t => {
  interface Deep extends ReadonlyArray<Deep> {}
  const Nested: io.Type<Deep> = io.recursion('Nested', () => io.readonlyArray(Nested))
  const answer = echo(Nested, 1_000_000)(`${'['.repeat(400_000)}${']'.repeat(400_000)}`)
  t.deepEqual(answer, refused(413, 'the body is not read: it is nested more than 64 deep'))
})
