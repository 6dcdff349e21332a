import test from 'ava'
import { formProblem, parseQuery, queryProblem } from '../../lib/dispatch/query.js'
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
