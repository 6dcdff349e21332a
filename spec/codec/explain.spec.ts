import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { described } from '../../lib/codec/described.js'
import { explain, sentence } from '../../lib/codec/explain.js'
import { secret } from '../../lib/codec/secret.js'
import type { Detail } from '../../lib/domain/plugin-error.js'
import { show } from '../../lib/domain/text/show.js'

const explained = (
  codec: io.Mixed,
  value: unknown,
  root = '',
  hidden?: ReadonlySet<string>,
): ReadonlyArray<Detail> => {
  const decoded = codec.decode(value)
  return E.isRight(decoded) ? [] : explain(decoded.left, root, hidden)
}

const at = (path: string, expected: string, got: string): Detail => ({ path, expected, got })

test('each place that does not fit has its path, what was expected and what came', t => {
  const codec = io.type({
    title: io.string,
    size: io.type({ width: io.number, height: io.number }),
    tags: io.array(io.string),
  })
  t.deepEqual(
    explained(codec, { title: 5, size: { width: 'x' }, tags: ['a', null, 'b', true] }, 'body'),
    [
      at('body.title', 'string', '5'),
      at('body.size.width', 'number', '"x"'),
      at('body.size.height', 'number', 'nothing'),
      at('body.tags.1', 'string', 'null'),
      at('body.tags.3', 'string', 'true'),
    ],
  )
})

test('a missing key is "nothing", and the whole has the name of the root', t => {
  t.deepEqual(explained(io.type({ a: io.string }), {}), [at('a', 'string', 'nothing')])
  t.deepEqual(explained(io.type({ a: io.string }), undefined, 'body'), [
    at('body', '{ a: string }', 'nothing'),
  ])
  t.deepEqual(explained(io.string, 5), [at('', 'string', '5')])
  t.deepEqual(explained(io.UnknownRecord, [], 'body'), [at('body', 'UnknownRecord', '[]')])
})

test('arrays in arrays, tuples and records say where', t => {
  t.deepEqual(explained(io.array(io.array(io.number)), [[1], [2, 'x']], 'body'), [
    at('body.1.1', 'number', '"x"'),
  ])
  t.deepEqual(explained(io.tuple([io.string, io.number]), ['a', 'b'], 'body'), [
    at('body.1', 'number', '"b"'),
  ])
  t.deepEqual(explained(io.record(io.string, io.number), { a: 1, b: 'x' }, 'body'), [
    at('body.b', 'number', '"x"'),
  ])
})

test('the parts of an intersection are no places in the data', t => {
  const codec = io.intersection(
    [
      io.type({ a: io.string }),
      io.intersection([io.partial({ b: io.number }), io.type({ c: io.string })]),
    ],
    'Both',
  )
  t.deepEqual(explained(codec, { b: 'x' }, 'body'), [
    at('body.a', 'string', 'nothing'),
    at('body.b', 'number', '"x"'),
    at('body.c', 'string', 'nothing'),
  ])
  t.deepEqual(explained(codec, 'text', 'body'), [at('body', 'Both', '"text"')])
})

test('a union that fits nowhere is named as a whole', t => {
  t.deepEqual(explained(io.type({ a: io.union([io.string, io.null]) }), { a: 5 }), [
    at('a', '(string | null)', '5'),
  ])
})

test('of a union only the branch that came furthest is reported', t => {
  const Circle = io.type({ shape: io.type({ radius: io.number }) })
  const Named = io.type({ shape: io.string })
  t.deepEqual(explained(io.union([Named, Circle]), { shape: { radius: 'x' } }, 'body'), [
    at('body.shape.radius', 'number', '"x"'),
  ])
  t.deepEqual(explained(io.union([io.string, io.type({ a: io.number })]), { a: 'x' }, 'body'), [
    at('body.a', 'number', '"x"'),
  ])
})

test('a union told apart by a tag reports the branch that the tag names', t => {
  const codec = io.union(
    [
      io.type({ kind: io.literal('a'), n: io.number }),
      io.type({ kind: io.literal('b'), s: io.string }),
    ],
    'AOrB',
  )
  t.deepEqual(explained(codec, { kind: 'b', s: 5 }, 'body'), [at('body.s', 'string', '5')])
  t.deepEqual(explained(codec, { kind: 'c' }, 'body'), [at('body', 'AOrB', '{"kind":"c"}')])
})

test('what stands around a union or an intersection leaves no trace in a path', t => {
  const Both = io.intersection([io.type({ a: io.string }), io.type({ b: io.number })])
  const Node: io.Type<io.TypeOf<typeof Both>> = io.recursion('Node', () => Both)
  const expected = [at('body.x.a', 'string', '5')]
  for (const codec of [
    io.exact(Both),
    io.readonly(Both),
    io.refinement(Both, () => true),
    Node,
    io.readonly(io.exact(Both)),
  ]) {
    t.deepEqual(
      explained(io.type({ x: codec }), { x: { a: 5, b: 1 } }, 'body'),
      expected,
      codec.name,
    )
  }
  const Either = io.union([io.type({ a: io.string }), io.string])
  t.deepEqual(explained(io.readonly(Either), { a: 5 }, 'body'), [at('body.a', 'string', '5')])
  t.deepEqual(explained(io.readonly(io.union([io.string, io.null], 'Maybe')), 5, 'body'), [
    at('body', 'Readonly<Maybe>', '5'),
  ])
})

test('a message of the codec takes the place of its name', t => {
  const Even = new io.Type<number, number, unknown>(
    'Even',
    io.number.is,
    (u, context) =>
      typeof u === 'number' && u % 2 === 0
        ? io.success(u)
        : io.failure(u, context, 'an even number'),
    io.identity,
  )
  t.deepEqual(explained(io.type({ n: Even }), { n: 3 }, 'query'), [
    at('query.n', 'an even number', '3'),
  ])
})

test('the same place is reported once', t => {
  const codec = io.intersection([
    io.type({ a: io.string }),
    io.type({ a: io.string, b: io.string }),
  ])
  t.deepEqual(explained(codec, { a: 5, b: 'x' }), [at('a', 'string', '5')])
})

test('what is missing is "nothing", also where its value would not be shown', t => {
  const hidden = new Set(['authorization'])
  t.deepEqual(
    explained(
      io.type({ authorization: io.string, token: secret(io.string) }),
      {},
      'headers',
      hidden,
    ),
    [at('headers.authorization', 'string', 'nothing'), at('headers.token', 'string', 'nothing')],
  )
})

test('what stands under a hidden key is not shown, nor what holds one', t => {
  const hidden = new Set(['authorization'])
  const concealed = 'a value that is not shown'
  t.deepEqual(
    explained(
      io.type({ authorization: io.literal('x') }),
      { authorization: 'Bearer s3cret' },
      'headers',
      hidden,
    ),
    [at('headers.authorization', '"x"', concealed)],
  )
  t.deepEqual(
    explained(
      io.type({ Authorization: io.array(io.number) }),
      { Authorization: ['s3cret'] },
      'headers',
      hidden,
    ),
    [at('headers.Authorization.0', 'number', concealed)],
  )
  const Strict = io.refinement(io.type({ authorization: io.string }), () => false, 'Strict')
  t.deepEqual(explained(Strict, { authorization: 'Bearer s3cret' }, 'headers', hidden), [
    at('headers', 'Strict', concealed),
  ])
  const Capital = io.refinement(io.type({ Authorization: io.string }), () => false, 'Capital')
  t.deepEqual(
    explained(
      io.union([io.string, Capital], 'U'),
      { Authorization: 'Bearer s3cret' },
      'headers',
      hidden,
    ),
    [at('headers', 'U', concealed)],
  )
})

test('a secret is not shown, whatever stands around it', t => {
  const Token = secret(io.refinement(io.string, text => text.length > 20, 'a long token'))
  const concealed = 'a value that is not shown'
  const refined = io.refinement(secret(io.string), text => text.length > 20, 'a long token')
  for (const token of [
    Token,
    refined,
    io.readonly(Token),
    io.union([io.number, Token], 'a long token'),
    io.intersection([Token, io.string], 'a long token'),
  ]) {
    const [detail] = explained(io.type({ PORT: io.string, TOKEN: token }), {
      PORT: '80',
      TOKEN: 's3cret',
    })
    t.deepEqual([detail?.path, detail?.got], ['TOKEN', concealed], token.name)
  }
  const Whole = io.refinement(io.type({ PORT: io.string, TOKEN: Token }), () => false, 'Whole')
  const long = { PORT: '80', TOKEN: 's3cret-s3cret-s3cret-s3cret' }
  t.deepEqual(explained(Whole, long), [at('', 'Whole', concealed)])
  t.deepEqual(explained(io.type({ inner: Whole }), { inner: long }), [
    at('inner', 'Whole', concealed),
  ])
  t.deepEqual(explained(Whole, { ...long, PORT: 80 }), [at('PORT', 'string', '80')])
})

test('what is secret in one part of a codec is not shown by an error of another', t => {
  const secretIn = io.type({ key: secret(io.string) })
  const Short = io.refinement(io.string, text => text.length < 5, 'a short text')
  const openIn = io.type({ key: Short })
  const expected = [at('x.key', 'a short text', 'a value that is not shown')]
  const Node: io.RecursiveType<io.Mixed> = io.recursion('Node', () =>
    io.intersection([openIn, io.partial({ x: Node }), described(io.readonly(secretIn), {})]),
  )
  for (const codec of [
    io.intersection([secretIn, openIn]),
    io.intersection([openIn, secret(io.partial({ key: io.string }))]),
    io.intersection([openIn, io.record(io.string, secret(io.string))]),
    io.readonly(io.intersection([openIn, io.exact(io.intersection([secretIn, openIn]))])),
    Node,
  ]) {
    const value = { x: { key: 's3cret' }, key: 's3' }
    t.deepEqual(
      explained(io.intersection([io.type({ x: codec }), io.UnknownRecord]), value),
      expected,
      codec.name,
    )
  }
  t.deepEqual(explained(io.union([secretIn, io.type({ key: io.number })]), { key: ['s3cret'] }), [
    at('key', 'string', 'a value that is not shown'),
    at('key', 'number', 'a value that is not shown'),
  ])
  t.deepEqual(explained(io.tuple([io.number, secret(io.number)]), ['a', 's3cret']), [
    at('0', 'number', '"a"'),
    at('1', 'number', 'a value that is not shown'),
  ])
})

test('nothing below a secret is shown, and its path is right', t => {
  const concealed = 'a value that is not shown'
  const Inner = io.type({ y: io.number })
  const details = (x: io.Mixed) => explained(io.type({ x }), { x: { y: 's3cret' } })
  t.deepEqual(details(secret(Inner)), [at('x.y', 'number', concealed)])
  t.deepEqual(details(io.readonly(secret(Inner))), [at('x.y', 'number', concealed)])
  t.deepEqual(details(io.union([secret(io.string), Inner])), [at('x.y', 'number', concealed)])
  t.deepEqual(details(secret(io.union([io.string, Inner]))), [at('x.y', 'number', concealed)])
})

test('a body that is wrong in a hundred thousand places costs little, and the first hundred say enough', t => {
  const begun = performance.now()
  const details = explained(io.array(io.number), new Array(100_000).fill('x'), 'body')
  t.deepEqual([details.length, details.at(-1)], [100, at('body.99', 'number', '"x"')])
  t.true(performance.now() - begun < 5000)
})

test('details make one sentence, the first eight of them', t => {
  t.is(
    sentence([at('body.title', 'string', '5'), at('', 'X', 'nothing')]),
    'body.title: expected string, got 5; expected X, got nothing',
  )
  const many = Array.from({ length: 10 }, (_, index) => at(`${index}`, 'x', 'y'))
  t.is(sentence(many), `${sentence(many.slice(0, 8))}; and 2 more`)
})

test('any value can be shown, in at most 80 characters', t => {
  const values = [
    undefined,
    null,
    'a"b',
    5n,
    Symbol('s'),
    () => 1,
    [1, { a: 2, b: [] }],
    {},
    Number.NaN,
    true,
  ]
  t.deepEqual(values.map(show), [
    'nothing',
    'null',
    '"a\\"b"',
    '5',
    'Symbol(s)',
    'a function',
    '[1,{"a":2,"b":[]}]',
    '{}',
    'NaN',
    'true',
  ])
  t.is(show('x'.repeat(1_000_000)), `"${'x'.repeat(78)}…`)
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
  for (const long of [
    'x'.repeat(78),
    circular,
    deep,
    new Array(1_000_000).fill(0),
    { ['k'.repeat(1_000_000)]: 1 },
  ])
    t.is(show(long).length, 80)
})
