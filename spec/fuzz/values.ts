import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { secret } from '../../lib/codec/secret.js'
import { refined } from '../../lib/domain/refined.js'
import fc from '../support/properties.js'

/** A tree of texts and numbers with gaps. */
export interface Tree {
  readonly value: string | number
  readonly children: ReadonlyArray<Tree | null>
}

/** Its codec, which recurses through an array and a union. */
export const Tree: io.Type<Tree> = io.recursion('Tree', () =>
  io.type({
    value: io.union([io.string, io.number]),
    children: io.readonlyArray(io.union([io.null, Tree])),
  }),
)

const NAMES = ['a', 'b', '__proto__', 'children', 'value', 'cookie'] as const

const leaf: fc.Arbitrary<io.Mixed> = fc.constantFrom<io.Mixed[]>(
  io.string,
  io.number,
  io.boolean,
  io.null,
  io.undefined,
  io.unknown,
  io.UnknownRecord,
  io.UnknownArray,
  io.literal('x'),
  io.keyof({ x: null, y: null }),
  NumberFromString,
  refined(io.string, text => text.length > 2, 'a text of more than two characters'),
  secret(io.string),
  Tree,
)

/** Any codec that is made of those of io-ts, a few layers deep. */
export const codec: fc.Arbitrary<io.Mixed> = fc.letrec<{ codec: io.Mixed }>(tie => {
  const inner = tie('codec')
  const props = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), inner), {
      maxLength: 4,
      selector: ([name]) => name,
    })
    .map(Object.fromEntries)
  const two = fc.tuple(inner, inner)
  return {
    codec: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      inner.map(each => io.array(each)),
      inner.map(each => io.readonly(each)),
      inner.map(each => io.record(io.string, each)),
      inner.map(secret),
      props.map(each => io.type(each)),
      props.map(each => io.partial(each)),
      props.map(each => io.exact(io.type(each))),
      two.map(([a, b]) => io.union([a, b])),
      two.map(([a, b]) => io.intersection([a, b])),
      two.map(([a, b]) => io.tuple([a, b])),
    ),
  }
}).codec

/** Any JSON value, in shapes that some codec likes. */
export const json: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown[]>('x', 'y', '', 'long enough', '7', 7, 0.5, true, null, [], {}),
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 5 })
      .map(pairs => Object.fromEntries(pairs)),
    fc.record({
      value: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
      children: fc.array(tie('value'), { maxLength: 3 }),
    }),
  ),
})).value
