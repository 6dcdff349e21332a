import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as io from 'io-ts'
import { DateFromISOString } from 'io-ts-types/lib/DateFromISOString.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { optionFromNullable } from 'io-ts-types/lib/optionFromNullable.js'
import { secret } from '../../lib/codec/secret.js'
import { decodeValue, encodeReturned } from '../../lib/dispatch/kv-value.js'
import { invalidRequest, serializationError } from '../../lib/domain/plugin-error.js'

const Prefs = io.type({ size: io.number })

const DECODED: ReadonlyArray<readonly [codec: io.Mixed, text: string, value: unknown]> = [
  [io.string, '42', '42'],
  [io.string, '"a"', '"a"'],
  [io.literal('dark'), 'dark', 'dark'],
  [io.literal('dark'), '"dark"', 'dark'],
  [io.number, '42', 42],
  [io.boolean, 'true', true],
  [io.null, 'null', null],
  [NumberFromString, '42', 42],
  [NumberFromString, '"42"', 42],
  [DateFromISOString, '1970-01-01T00:00:00.000Z', new Date(0)],
  [Prefs, '{"size":5}', { size: 5 }],
  [io.array(io.string), '["a"]', ['a']],
  [io.union([io.number, io.string]), '42', '42'],
  [io.unknown, '{', '{'],
]

for (const [codec, text, value] of DECODED) {
  test(`${codec.name} reads ${text}`, t => {
    t.deepEqual(decodeValue(codec, text), E.right(value))
  })
}

test('what fits neither as text nor as JSON is refused with its place', t => {
  const refused = (path: string, expected: string, got: string) =>
    E.left(
      invalidRequest(`${path}: expected ${expected}, got ${got}`, {
        details: [{ path, expected, got }],
      }),
    )
  t.deepEqual(decodeValue(Prefs, '{"size":"x"}'), refused('value.size', 'number', '"x"'))
  t.deepEqual(decodeValue(io.number, 'x'), refused('value', 'number', '"x"'))
  t.deepEqual(decodeValue(io.number, '"x"'), refused('value', 'number', '"x"'))
  t.deepEqual(
    decodeValue(secret(io.number), 's3cret'),
    refused('value', 'number', 'a value that is not shown'),
  )
})

test('JSON that is nested too deep, of too many values, or poisoned, is not read', t => {
  const many =
    'it holds more than 250000 values, where an object, an array and a new name count as 4 more'
  const cases: ReadonlyArray<readonly [codec: io.Mixed, text: string, reason: string]> = [
    [io.UnknownRecord, `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'it is nested more than 64 deep'],
    [io.array(io.UnknownRecord), `[${'{},'.repeat(60_000)}{}]`, many],
    [
      io.UnknownRecord,
      '{"a":{"__proto__":{}}}',
      'it has the key "__proto__" at a.__proto__, which could change the prototype of an object',
    ],
  ]
  for (const [codec, text, reason] of cases) {
    t.true(E.isRight(codec.decode(JSON.parse(text))))
    t.deepEqual(
      decodeValue(codec, text),
      E.left(invalidRequest(`the value is not read: ${reason}`)),
    )
  }
})

const ENCODED: ReadonlyArray<
  readonly [codec: io.Mixed | undefined, returned: unknown, text: string | null]
> = [
  [undefined, 'a', 'a'],
  [undefined, 5, '5'],
  [undefined, { a: 1 }, '{"a":1}'],
  [undefined, undefined, null],
  [undefined, null, null],
  [undefined, O.none, null],
  [undefined, O.some('a'), 'a'],
  [undefined, O.some({ a: 1 }), '{"a":1}'],
  [undefined, { _tag: 'Some' }, '{"_tag":"Some"}'],
  [undefined, { _tag: 'None', more: 1 }, '{"_tag":"None","more":1}'],
  [io.string, 'a', 'a'],
  [io.string, O.some('a'), 'a'],
  [io.string, O.none, null],
  [io.string, undefined, null],
  [io.number, 42, '42'],
  [Prefs, { size: 5 }, '{"size":5}'],
  [DateFromISOString, new Date(0), '1970-01-01T00:00:00.000Z'],
  [DateFromISOString, O.some(new Date(0)), '1970-01-01T00:00:00.000Z'],
  [NumberFromString, 42, '42'],
  [io.union([io.string, io.undefined]), undefined, null],
  [io.union([io.string, io.null]), null, 'null'],
  [io.type({ _tag: io.literal('None') }), O.none, '{"_tag":"None"}'],
  [optionFromNullable(io.string), O.some('a'), 'a'],
]

for (const [index, [codec, returned, text]] of ENCODED.entries()) {
  test(`${codec?.name ?? 'no codec'} writes ${JSON.stringify(returned)} as ${text} (${index + 1})`, t => {
    t.deepEqual(encodeReturned(codec)(returned), E.right(text))
  })
}

test('what does not fit the codec is a fault of the handler', t => {
  const misfit = E.left(serializationError('the handler returned something that is no string'))
  t.deepEqual(
    [encodeReturned(io.string)(5), encodeReturned(io.string)(O.some(5))],
    [misfit, misfit],
  )
})

test('what JSON cannot carry is a fault of the handler, at any depth', t => {
  t.deepEqual([() => 1, { n: 5n }, O.some([{ mean: Number.NaN }])].map(encodeReturned(undefined)), [
    E.left(
      serializationError(
        'JSON cannot carry answer, which is a function: call it, or run it first if it is a TaskEither',
      ),
    ),
    E.left(serializationError('JSON cannot carry answer.n, which is a bigint: send a text')),
    E.left(
      serializationError('JSON cannot carry answer.0.mean, which is NaN: send null or a text'),
    ),
  ])
})
