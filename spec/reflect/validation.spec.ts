import test from 'ava'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { Problem } from '../../lib/reflect/problem.js'
import {
  also,
  invalid,
  rights,
  sequence,
  struct,
  traverse,
  type Validation,
} from '../../lib/reflect/validation.js'

const problem = (cause: string): Problem => ({ place: 'Notes', cause, fix: 'Fix it' })
const failed = (cause: string): Validation<never> => invalid('Notes', cause, 'Fix it')

test('a record of validations has the problems of all of them, in their order', t => {
  t.deepEqual(struct({ a: E.right(1), b: E.right('b') }), E.right({ a: 1, b: 'b' }))
  t.deepEqual(
    struct({ a: failed('a'), b: E.right('b'), c: failed('c') }),
    E.left([problem('a'), problem('c')]),
  )
})

test('a value is kept, with the problems of another validation', t => {
  t.deepEqual(also(E.right('b'))(E.right(1)), E.right(1))
  t.deepEqual(also(failed('b'))(E.right(1)), E.left([problem('b')]))
  t.deepEqual(also(failed('b'))(failed('a')), E.left([problem('a'), problem('b')]))
})

test('an array of validations has the values of all of them, or the problems of all of them', t => {
  const validation: fc.Arbitrary<Validation<number>> = fc.oneof(
    fc.integer().map(E.right<ReadonlyArray<Problem>, number>),
    fc.string().map(failed),
  )
  fc.assert(
    fc.property(fc.array(validation), all => {
      const problems = all.flatMap(each => (E.isLeft(each) ? each.left : []))
      const expected = problems.length > 0 ? E.left(problems) : E.right(rights(all))
      t.deepEqual(sequence(all), expected)
      t.deepEqual(traverse((each: Validation<number>) => each)(all), expected)
    }),
  )
})
