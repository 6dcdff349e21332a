import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { explain, sentence } from '../../lib/codec/explain.js'
import { clipped, show } from '../../lib/domain/text/show.js'
import fc, { runs } from '../support/properties.js'
import { codec, json, Tree } from './values.js'

const anything = fc.oneof(
  json,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
)

test('whatever does not fit whatever codec is explained, in few words', t => {
  fc.assert(
    fc.property(codec, anything, (type, value) => {
      const decoded = type.decode(value)
      if (E.isRight(decoded)) return
      const details = explain(decoded.left, 'body', new Set(['cookie']))
      t.true(details.length > 0 && details.length <= 100)
      for (const { path, expected, got } of details) {
        t.true(
          (path === 'body' || path.startsWith('body.')) &&
            path.length <= 200 &&
            expected.length > 0 &&
            got.length <= 80,
        )
      }
      t.true(sentence(details).length > 0)
    }),
    runs(300),
  )
})

test('any value is shown in at most 80 characters', t => {
  fc.assert(
    fc.property(anything, value => {
      const shown = show(value)
      t.true(shown.length > 0 && shown.length <= 80)
    }),
    runs(500),
  )
})

test('what is JSON and short is shown as JSON', t => {
  fc.assert(
    fc.property(json, value => {
      const text = JSON.stringify(value)
      if (text.length <= 80) t.is(show(JSON.parse(text)), text)
    }),
    runs(300),
  )
})

test('any text is clipped to what it may be, and left alone where it is shorter', t => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 1, max: 250 }), (text, most) => {
      t.true(clipped(text, most).length <= most)
      t.is(clipped(text, most) === text, text.length <= most)
    }),
    runs(200),
  )
})

test('long names on the way to an error do not add up', t => {
  const deep = (depth: number): unknown =>
    depth === 0 ? 5 : { ['k'.repeat(20_000)]: deep(depth - 1) }
  const nested = (depth: number): io.Mixed =>
    depth === 0 ? io.string : io.record(io.string, nested(depth - 1))
  const decoded = nested(60).decode(deep(60))
  t.true(E.isLeft(decoded) && JSON.stringify(explain(decoded.left)).length < 10_000)
})

test('a deep tree of unions in which everything is wrong is explained at once', t => {
  const tree = (depth: number): unknown => ({
    value: true,
    children: depth === 0 ? [] : [tree(depth - 1), 5],
  })
  const decoded = Tree.decode(tree(31))
  t.true(E.isLeft(decoded) && explain(decoded.left).length > 0)
})
