import test from 'ava'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { nonEmptyArray } from 'io-ts-types/lib/nonEmptyArray.js'
import { arraysFor, formProblem, parseQuery, queryProblem } from '../../lib/dispatch/query.js'
import { invalidRequest, payloadTooLarge } from '../../lib/domain/plugin-error.js'

/** The own properties of an object without a prototype. */
const own = (query: object) => {
  if (Object.getPrototypeOf(query) !== null) throw new Error('it has a prototype')
  return Object.entries(query)
}

test('a query string is each key with its text, or with all of its texts', t => {
  const cases: ReadonlyArray<readonly [string, ReadonlyArray<readonly [string, unknown]>]> = [
    ['', []],
    ['a=1', [['a', '1']]],
    [
      'a=1&b=2&a=3&a=',
      [
        ['a', ['1', '3', '']],
        ['b', '2'],
      ],
    ],
    ['a', [['a', '']]],
    ['=x&&', [['', 'x']]],
    ['a=b=c', [['a', 'b=c']]],
    [
      'q=a+b%20c%2B&%C3%A9=%26',
      [
        ['q', 'a b c+'],
        ['é', '&'],
      ],
    ],
    [
      'a=%&b=%zz&c=%FF',
      [
        ['a', '%'],
        ['b', '%zz'],
        ['c', '\ufffd'],
      ],
    ],
  ]
  for (const [text, expected] of cases)
    t.deepEqual(own(parseQuery(text)), expected.map(entry => [...entry]) as never, text)
})

test('no key touches a prototype', t => {
  const query = parseQuery('__proto__=a&constructor=b&__proto__=c&toString=d')
  t.deepEqual(own(query), [
    ['__proto__', ['a', 'c']],
    ['constructor', 'b'],
    ['toString', 'd'],
  ])
  t.is(Object.hasOwn(Object.prototype, 'a'), false)
})

test('a query that is too long, or of too many fields, is not read, and a form of too many neither', t => {
  const fields = (count: number): string => Array.from({ length: count }, () => 'a=1').join('&')
  t.is(queryProblem(fields(10_000)), undefined)
  t.deepEqual(queryProblem(fields(10_001)), invalidRequest('the query has more than 10000 fields'))
  t.is(queryProblem('a'.repeat(65_536)), undefined)
  t.deepEqual(
    queryProblem('a'.repeat(65_537)),
    invalidRequest('the query is longer than 65536 characters', { status: 414 }),
  )
  t.is(formProblem(fields(10_000)), undefined)
  t.deepEqual(
    formProblem('&'.repeat(10_000)),
    payloadTooLarge('the form has more than 10000 fields'),
  )
})

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
