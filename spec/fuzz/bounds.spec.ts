import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { beyondBounds } from '../../lib/domain/text/json-bounds.js'
import { parseJsonText } from '../../lib/domain/text/parse-json.js'
import { decodeBytes } from '../../lib/wire/dialects.js'
import fc, { runs } from '../support/properties.js'
import { hostile } from './arbitraries.js'

const TOO_DEEP = 'it is nested more than 64 deep'
const tooMany = (most: number): string =>
  `it holds more than ${most} values, where an object, an array and a new name count as 4 more`

const nested = (depth: number, inner = ''): string =>
  `${'[{"a":'.repeat(depth / 2)}${inner || 1}${'}]'.repeat(depth / 2)}`

/** What a text counts, from what was parsed of it. */
const countOf = (value: unknown, names: Set<string>): number => {
  if (typeof value !== 'object' || value === null) return 1
  if (!Array.isArray(value)) for (const name of Object.keys(value)) names.add(name)
  // An empty object or array holds no value, and its brackets count the same.
  return (
    4 +
    Math.max(
      1,
      Object.values(value).reduce<number>((sum, each) => sum + countOf(each, names), 0),
    )
  )
}

const json = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<unknown[]>(1, -0.5, true, null, '', '{', '[[', ',,', '":"', '\\', '\\"'),
    hostile,
    fc.array(tie('value'), { maxLength: 6 }),
    fc
      .array(fc.tuple(hostile, tie('value')), { maxLength: 6 })
      .map(pairs => Object.fromEntries(pairs)),
  ),
})).value

test('a text counts what its values count, whatever its strings hold', t => {
  fc.assert(
    fc.property(
      fc.array(json, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('', '\n', ' \t'),
      (values, blank) => {
        const text = JSON.stringify([...values, ' '.repeat(200)], null, blank)
        const names = new Set<string>()
        const count = countOf(JSON.parse(text), names) + 4 * names.size
        t.is(beyondBounds(text, count), undefined)
        t.is(beyondBounds(text, count - 1), tooMany(count - 1))
      },
    ),
    runs(50),
  )
})

test('64 deep is parsed, one more is not, however short or long the text is', t => {
  for (const pad of ['', ' '.repeat(300_000)]) {
    t.true(E.isRight(parseJsonText(nested(64) + pad)))
    t.deepEqual(parseJsonText(nested(66) + pad), E.left({ _tag: 'BeyondBounds', reason: TOO_DEEP }))
    t.deepEqual(
      parseJsonText(`[${nested(64)}]${pad}`),
      E.left({ _tag: 'BeyondBounds', reason: TOO_DEEP }),
    )
  }
  const flat = `[${'[],{},"[[[{{{",'.repeat(200)}1]`
  t.true(E.isRight(parseJsonText(flat)))
})

const full = (unit: string, length: number, front: string, back: string): string =>
  `${front}${unit.repeat(length / unit.length)}${back}`

test('large bodies of every day are within the bounds', t => {
  const records = Array.from({ length: 20_000 }, (_, id) => ({
    id,
    name: `n${id}`,
    tags: ['a'],
    done: true,
  }))
  const numbers = Array.from({ length: 200_000 }, (_, index) => index / 7)
  const map = Object.fromEntries(
    Array.from({ length: 40_000 }, (_, index) => [`key-${index}`, index]),
  )
  for (const value of [records, numbers, map, 'x'.repeat(16_000_000), '"\\'.repeat(4_000_000)])
    t.is(beyondBounds(JSON.stringify(value)), undefined)
})

test('16 MiB of brackets, of objects, of numbers and of names are refused before they are parsed', t => {
  const names = `{${Array.from({ length: 500_000 }, (_, index) => `"${index}":1`).join(',')}}`
  const cases: ReadonlyArray<readonly [string, string]> = [
    ['['.repeat(16_000_000), TOO_DEEP],
    ['{"a":'.repeat(3_000_000), TOO_DEEP],
    [full('{},', 16_000_000, '[', '1]'), tooMany(250_000)],
    [full('[],', 16_000_000, '[', '1]'), tooMany(250_000)],
    [full('1,', 16_000_000, '[', '1]'), tooMany(250_000)],
    [full('"a":1,', 16_000_000, '{', '"b":1}'), tooMany(250_000)],
    [names, tooMany(250_000)],
    [':'.repeat(16_000_000), tooMany(250_000)],
    ['"'.repeat(16_000_000), tooMany(250_000)],
  ]
  for (const [text, reason] of cases)
    t.deepEqual(parseJsonText(text), E.left({ _tag: 'BeyondBounds', reason }), text.slice(0, 20))
})

test('a message with more structure than any message has is refused with its beginning', t => {
  const headers = `{${Array.from({ length: 500_000 }, (_, index) => `"h${index}":"v"`).join(',')}}`
  for (const [text, reason] of [
    ['['.repeat(16_000_000), TOO_DEEP],
    [`{"type":"http","payload":{"headers":${headers}}}`, tooMany(20_000)],
  ] as const) {
    const decoded = decodeBytes(Buffer.from(text))
    t.true(
      E.isLeft(decoded) &&
        decoded.left._tag === 'InvalidMessage' &&
        decoded.left.message.includes(reason),
      text.slice(0, 20),
    )
    t.true(E.isLeft(decoded) && decoded.left.message.length < 250)
  }
})

test('no text makes the scan stumble', t => {
  const piece = fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    ' ',
    'a'.repeat(70),
    '"a"',
    'é',
    '\ud800',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.integer({ min: 0, max: 400 }),
      (pieces, most) => {
        const text = pieces.join('').padEnd(130)
        const parsed = parseJsonText(text, most)
        const reason = beyondBounds(text, most)
        if (reason !== undefined) t.deepEqual(parsed, E.left({ _tag: 'BeyondBounds', reason }))
        else t.is(E.isRight(parsed), E.isRight(E.tryCatch(() => JSON.parse(text), String)))
      },
    ),
    runs(500),
  )
})
