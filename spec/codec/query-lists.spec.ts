import test from 'ava'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { nonEmptyArray } from 'io-ts-types/lib/nonEmptyArray.js'
import { arraysFor } from '../../lib/codec/query-lists.js'
import { parseQuery } from '../../lib/dispatch/query.js'

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
