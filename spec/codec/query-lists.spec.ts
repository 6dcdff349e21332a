import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { fromNullable } from 'io-ts-types/lib/fromNullable.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { nonEmptyArray } from 'io-ts-types/lib/nonEmptyArray.js'
import { withFallback } from 'io-ts-types/lib/withFallback.js'
import { described } from '../../lib/codec/described.js'
import { explain } from '../../lib/codec/explain.js'
import { arraysFor, fieldsDecoder } from '../../lib/codec/query-lists.js'
import { secret } from '../../lib/codec/secret.js'
import { parseQuery } from '../../lib/dispatch/query.js'
import { refined } from '../../lib/domain/refined.js'

/** The own properties of an object without a prototype. */
const own = (query: object) => {
  if (Object.getPrototypeOf(query) !== null) throw new Error('it has a prototype')
  return Object.entries(query)
}

const codecs: ReadonlyArray<io.Mixed> = [
  io.array(io.string),
  io.readonlyArray(io.string),
  io.array(NumberFromString),
  io.union([io.array(io.string), io.undefined]),
  io.union([io.array(NumberFromString), io.undefined]),
  io.readonly(io.array(io.string)),
  io.refinement(io.array(io.string), () => true),
  nonEmptyArray(io.string),
]

for (const codec of codecs) {
  test(`one value is an array of one where ${codec.name} asks for one (${codecs.indexOf(codec) + 1})`, t => {
    const arrays = arraysFor(io.type({ tag: codec, other: io.string }))
    t.deepEqual(own(arrays(parseQuery('tag=5&other=x'))), [
      ['tag', ['5']],
      ['other', 'x'],
    ])
    t.deepEqual(own(arrays(parseQuery('tag=5&tag=6'))), [['tag', ['5', '6']]])
    t.deepEqual(own(arrays(parseQuery('other=x'))), [['other', 'x']])
  })
}

test('one value stays a text where the codec takes one', t => {
  for (const codec of [
    io.string,
    NumberFromString,
    io.union([io.string, io.array(io.string)]),
    io.unknown,
    io.literal('x'),
  ]) {
    t.deepEqual(
      own(arraysFor(io.partial({ tag: codec }))(parseQuery('tag=5'))),
      [['tag', '5']],
      codec.name,
    )
  }
})

test('a key is known through whatever stands around it, in each branch of a union', t => {
  const Tags = io.type({ tag: io.readonlyArray(io.string) })
  const list = [['tag', ['5']]]
  const text = [['tag', '5']]
  const cases: ReadonlyArray<readonly [io.Mixed, unknown]> = [
    [secret(Tags), list],
    [described(io.readonly(Tags), {}), list],
    [io.type({ tag: secret(refined(Tags.props.tag, () => true, 'tags')) }), list],
    [io.type({ tag: described(Tags.props.tag, {}) }), list],
    [io.type({ tag: fromNullable(io.array(io.string), []) }), list],
    [io.type({ tag: withFallback(io.array(io.string), []) }), list],
    [io.type({ tag: withFallback(io.string, '') }), text],
    [io.type({ tag: io.tuple([io.string]) }), list],
    [io.type({ tag: io.UnknownArray }), list],
    [io.record(io.string, io.array(io.string)), list],
    [io.record(io.string, io.union([io.string, io.array(io.string)])), text],
    [io.union([Tags, io.type({ other: io.string })]), list],
    [io.union([Tags, io.type({ tag: io.string })]), text],
    [io.union([Tags, io.type({ tag: io.number })]), list],
    [io.union([Tags, nonEmptyArray(io.string)]), text],
    [io.union([io.type({ tag: io.array(io.number) }), io.record(io.string, io.string)]), text],
    [io.intersection([Tags, io.type({ tag: io.UnknownArray })]), list],
    [io.recursion('Tags', () => Tags), list],
  ]
  for (const [codec, expected] of cases)
    t.deepEqual(own(arraysFor(codec)(parseQuery('tag=5'))), expected, codec.name)
})

const Tags = io.type({ kind: io.literal('a'), tag: io.array(io.string) })
const Tag = io.type({ kind: io.literal('b'), tag: io.string })
/** A codec whose structure cannot be seen. */
const hidden = <A>(codec: io.Type<A, unknown, unknown>): io.Mixed =>
  new io.Type('Hidden', codec.is, codec.validate, codec.encode)

test('the branch that takes the other fields decides about a list', t => {
  const two = io.intersection([
    io.union([Tags, Tag]),
    io.union([io.type({ all: io.string, id: io.array(io.string) }), io.type({ id: io.string })]),
  ])
  const cases: ReadonlyArray<readonly [io.Mixed, string, unknown]> = [
    [io.union([Tags, Tag]), 'kind=a&tag=x', { kind: 'a', tag: ['x'] }],
    [io.union([Tags, Tag]), 'kind=b&tag=x', { kind: 'b', tag: 'x' }],
    [hidden(Tags), 'kind=a&tag=x', { kind: 'a', tag: ['x'] }],
    [hidden(io.union([hidden(Tag), Tags])), 'kind=a&tag=x', { kind: 'a', tag: ['x'] }],
    [Tags.pipe(io.any), 'kind=a&tag=x', { kind: 'a', tag: ['x'] }],
    [two, 'kind=a&tag=x&all=&id=1', { kind: 'a', tag: ['x'], all: '', id: '1' }],
  ]
  for (const [codec, query, expected] of cases)
    t.deepEqual(fieldsDecoder(codec)(parseQuery(query)), E.right(expected), codec.name)
})

test('what no list helps is refused with the errors that remain', t => {
  const list = hidden(io.type({ tag: io.array(io.string), n: NumberFromString }))
  const refused = fieldsDecoder(list)(parseQuery('tag=x&n=y'))
  t.deepEqual(E.isLeft(refused) && explain(refused.left), [
    { path: 'n', expected: 'NumberFromString', got: '"y"' },
  ])
})

test('a codec is tried a few times, however many branches refuse a query', t => {
  let calls = 0
  const counted = io.refinement(io.string, () => {
    calls++
    return true
  })
  const branch = (name: string): io.Mixed =>
    hidden(io.type({ tag: io.array(counted), [name]: io.array(counted), none: io.number }))
  const [a, b, ...others] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(branch)
  if (a === undefined || b === undefined) return t.fail()
  const many = io.union([a, b, ...others])
  t.true(E.isLeft(fieldsDecoder(many)(parseQuery('tag=1&a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1'))))
  t.true(calls < 1_000, String(calls))
})

test('a wrong element is still an element', t => {
  const arrays = arraysFor(
    io.partial({
      tag: io.array(NumberFromString),
      maybe: io.union([io.undefined, io.array(NumberFromString)]),
    }),
  )
  t.deepEqual(own(arrays(parseQuery('tag=x&maybe=y'))), [
    ['tag', ['x']],
    ['maybe', ['y']],
  ])
})
