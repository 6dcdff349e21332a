import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { headersDecoder } from '../../lib/codec/header-names.js'

const HEADERS = { 'x-api-key': '42', host: 'h' }
const Key = io.type({ 'X-Api-Key': NumberFromString })
/** A codec whose structure cannot be seen. */
const opaque = new io.Type('Opaque', Key.is, Key.validate, Key.encode)

test('a header has the name that the codec gives it, wherever the codec does', t => {
  const both = { ...HEADERS, 'X-Api-Key': 42 }
  const cases: ReadonlyArray<readonly [io.Mixed, unknown]> = [
    [Key, both],
    [io.exact(Key), { 'X-Api-Key': 42 }],
    [io.partial({ 'X-API-KEY': NumberFromString }), { ...HEADERS, 'X-API-KEY': 42 }],
    [io.union([io.type({ Other: io.string }), Key]), both],
    [
      io.intersection([io.exact(Key), io.exact(io.type({ host: io.string }))]),
      { host: 'h', 'X-Api-Key': 42 },
    ],
    [io.refinement(Key, () => true), both],
    [opaque, both],
    [io.type({ 'x-api-key': io.string }), HEADERS],
  ]
  for (const [codec, expected] of cases)
    t.deepEqual(headersDecoder(codec)(HEADERS), E.right(expected), codec.name)
})

test('a header that is missing, or no header at all, is refused as ever', t => {
  for (const [codec, headers] of [
    [Key, { host: 'h' }],
    [opaque, { host: 'h' }],
    [io.type({ Constructor: io.string }), { host: 'h' }],
    [opaque, { 'x-api-key': 'x' }],
  ] as const)
    t.deepEqual(E.isLeft(headersDecoder(codec)(headers)) && codec.name, codec.name)
})
