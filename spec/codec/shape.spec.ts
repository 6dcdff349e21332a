import test from 'ava'
import * as io from 'io-ts'
import { fromNullable } from 'io-ts-types/lib/fromNullable.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { withEncode } from 'io-ts-types/lib/withEncode.js'
import { withFallback } from 'io-ts-types/lib/withFallback.js'
import { withMessage } from 'io-ts-types/lib/withMessage.js'
import { described } from '../../lib/codec/described.js'
import { secret } from '../../lib/codec/secret.js'
import { type Shape, shapeOf } from '../../lib/codec/shape.js'
import { layersOf, partsOf } from '../../lib/codec/traversal.js'
import { refined } from '../../lib/domain/refined.js'

/** A shape without its codecs. */
const bare = (shape: Shape): unknown =>
  JSON.parse(JSON.stringify(shape, (key, value) => (key === 'codec' ? undefined : value)))

const primitive = (type: string) => ({ _tag: 'Primitive', type })
const text = primitive('string')
const props = [{ name: 'a', shape: text }]
const object = { _tag: 'Object', props, isPartial: false }
const A = io.type({ a: io.string })

const CASES: ReadonlyArray<readonly [codec: io.Mixed, shape: unknown]> = [
  [io.string, text],
  [io.number, primitive('number')],
  [io.boolean, primitive('boolean')],
  [io.null, primitive('null')],
  [io.undefined, primitive('undefined')],
  [io.void, primitive('undefined')],
  [io.unknown, primitive('unknown')],
  [io.any, primitive('unknown')],
  [io.UnknownRecord, primitive('object')],
  [io.UnknownArray, primitive('array')],
  [io.literal(5), { _tag: 'Literal', values: [5] }],
  [io.keyof({ a: null, b: null }), { _tag: 'Literal', values: ['a', 'b'] }],
  [io.array(io.string), { _tag: 'Array', item: text }],
  [io.readonlyArray(io.string), { _tag: 'Array', item: text }],
  [io.tuple([io.string, A]), { _tag: 'Tuple', items: [text, object] }],
  [A, object],
  [io.partial(A.props), { _tag: 'Object', props, isPartial: true }],
  [io.strict(A.props), { _tag: 'Exact', of: object }],
  [io.record(io.string, A), { _tag: 'Dictionary', key: text, value: object }],
  [io.record(io.literal('a'), io.string), { _tag: 'Exact', of: object }],
  [io.record(io.keyof({ a: null }), io.string), { _tag: 'Exact', of: object }],
  [
    io.record(io.literal(5), A),
    { _tag: 'Dictionary', key: { _tag: 'Literal', values: [5] }, value: object },
  ],
  [io.union([io.string, A]), { _tag: 'Union', parts: [text, object] }],
  [io.intersection([A, A]), { _tag: 'Intersection', parts: [object, object] }],
  [io.readonly(A), { _tag: 'Readonly', of: object }],
  [io.refinement(A, () => true), { _tag: 'Refined', of: object, keywords: {} }],
  [io.Int, { _tag: 'Refined', of: primitive('number'), keywords: {} }],
  [
    refined(A, () => true, 'A!', { minProperties: 1 }),
    { _tag: 'Refined', of: object, keywords: { minProperties: 1 } },
  ],
  [secret(A), { _tag: 'Secret', of: object }],
  [described(A, { title: 'an A' }), { _tag: 'Described', of: object, schema: { title: 'an A' } }],
  [io.recursion('R', () => A), { _tag: 'Recursive', of: object }],
  [withMessage(A, () => 'an A'), { _tag: 'Altered', of: object }],
  [withFallback(io.string, ''), { _tag: 'Altered', of: text }],
  [fromNullable(io.array(io.string), []), { _tag: 'Altered', of: { _tag: 'Array', item: text } }],
  [NumberFromString, { _tag: 'Opaque' }],
  [withEncode(io.string, String), { _tag: 'Opaque' }],
  [io.bigint, { _tag: 'Opaque' }],
  [io.string.pipe(NumberFromString), { _tag: 'Opaque' }],
]

for (const [codec, shape] of CASES) {
  test(`the shape of ${codec.name} (${CASES.findIndex(([other]) => other === codec) + 1})`, t => {
    t.deepEqual(bare(shapeOf(codec)), shape)
    t.is(shapeOf(codec), shapeOf(codec))
    t.is(shapeOf(codec).codec, codec)
  })
}

test('a union that io-ts decides by a tag has that tag', t => {
  const tagged = [io.type({ kind: io.literal('a') }), io.strict({ kind: io.literal('b') })] as const
  t.like(shapeOf(io.union([...tagged])), { _tag: 'Union', tag: 'kind' })
  // A wrapper of this package hides the tag from io-ts.
  t.false('tag' in shapeOf(io.union([secret(tagged[0]), tagged[1]])))
})

test('a codec that has a tag of its own is like no other', t => {
  class Own extends io.Type<string> {
    readonly _tag = 'hasOwnProperty'
  }
  t.is(shapeOf(new Own('Own', io.string.is, io.string.validate, io.identity))._tag, 'Opaque')
})

test('a recursion leads back to itself, by whatever way', t => {
  const Folder: io.RecursiveType<io.Mixed> = io.recursion('Folder', () =>
    io.type({ files: io.array(File) }),
  )
  const File: io.RecursiveType<io.Mixed> = io.recursion('File', () =>
    io.type({ within: io.readonly(Folder) }),
  )
  const tags = (shapes: ReadonlyArray<Shape>) => shapes.map(({ _tag }) => _tag)
  const folder = shapeOf(Folder)
  t.deepEqual(tags(layersOf(folder)), ['Recursive', 'Object'])
  t.deepEqual(tags(partsOf(folder)), [
    'Recursive',
    'Object',
    'Array',
    'Recursive',
    'Object',
    'Readonly',
  ])
  t.true(partsOf(shapeOf(File)).every(part => partsOf(folder).includes(part)))
})
