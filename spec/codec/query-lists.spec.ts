import test from 'ava'
import * as io from 'io-ts'
import { fromNullable } from 'io-ts-types/lib/fromNullable.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { nonEmptyArray } from 'io-ts-types/lib/nonEmptyArray.js'
import { withFallback } from 'io-ts-types/lib/withFallback.js'
import { described } from '../../lib/codec/described.js'
import { arraysFor } from '../../lib/codec/query-lists.js'
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
