import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { propsOf } from '../../lib/codec/codec-props.js'
import { described } from '../../lib/codec/described.js'
import { type JsonSchema, jsonSchema } from '../../lib/codec/json-schema.js'
import { secret } from '../../lib/codec/secret.js'
import { holdsSecret } from '../../lib/codec/secrets.js'
import { refined } from '../../lib/domain/refined.js'

const AB = io.type({ a: io.string, b: io.number })
const AB_SCHEMA = {
  type: 'object',
  properties: { a: { type: 'string' }, b: { type: 'number' } },
  required: ['a', 'b'],
}

const DESCRIBED: ReadonlyArray<readonly [codec: io.Mixed, schema: JsonSchema]> = [
  [io.string, { type: 'string' }],
  [io.number, { type: 'number' }],
  [io.boolean, { type: 'boolean' }],
  [io.null, { type: 'null' }],
  [io.unknown, {}],
  [io.UnknownRecord, { type: 'object' }],
  [io.UnknownArray, { type: 'array' }],
  [io.literal('a'), { const: 'a' }],
  [io.literal(5), { const: 5 }],
  [io.keyof({ a: null, b: null }), { enum: ['a', 'b'] }],
  [AB, AB_SCHEMA],
  [io.strict(AB.props), AB_SCHEMA],
  [io.exact(AB), AB_SCHEMA],
  [io.readonly(AB), AB_SCHEMA],
  [io.refinement(AB, () => true), AB_SCHEMA],
  [io.Int, { type: 'number' }],
  [io.partial(AB.props), { type: 'object', properties: AB_SCHEMA.properties }],
  [
    io.type({ a: io.union([io.string, io.undefined]) }),
    { type: 'object', properties: { a: { type: 'string' } } },
  ],
  [io.type({}), { type: 'object', properties: {} }],
  [io.array(io.string), { type: 'array', items: { type: 'string' } }],
  [io.readonlyArray(AB), { type: 'array', items: AB_SCHEMA }],
  [io.record(io.string, io.number), { type: 'object', additionalProperties: { type: 'number' } }],
  [io.union([io.string, io.null]), { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  [
    io.intersection([AB, io.partial({ c: io.boolean })]),
    { allOf: [AB_SCHEMA, { type: 'object', properties: { c: { type: 'boolean' } } }] },
  ],
  [
    io.tuple([io.string, io.number]),
    {
      type: 'array',
      prefixItems: [{ type: 'string' }, { type: 'number' }],
      items: false,
      minItems: 2,
    },
  ],
  [secret(io.string), { type: 'string', writeOnly: true }],
  [
    refined(io.string, text => text.startsWith('a'), 'a text with an a', { pattern: '^a' }),
    { type: 'string', pattern: '^a' },
  ],
  [
    described(NumberFromString, { type: 'string', pattern: '^[0-9]+$' }),
    { type: 'string', pattern: '^[0-9]+$' },
  ],
  [described(secret(NumberFromString), { type: 'string' }), { type: 'string', writeOnly: true }],
]

for (const [codec, schema] of DESCRIBED) {
  test(`${codec.name}${DESCRIBED.filter(([other]) => other.name === codec.name)[0]?.[0] === codec ? '' : ', again,'} is described`, t => {
    t.deepEqual(jsonSchema(codec), E.right(schema))
  })
}

interface Tree {
  readonly children: ReadonlyArray<Tree>
}
const Tree: io.Type<Tree> = io.recursion('Tree', () =>
  io.type({ children: io.readonlyArray(Tree) }),
)

const UNDESCRIBED: ReadonlyArray<readonly [codec: io.Mixed, place: string, name: string]> = [
  [NumberFromString, 'the codec', 'NumberFromString'],
  [io.type({ a: io.type({ n: NumberFromString }) }), 'the codec.a.n', 'NumberFromString'],
  [io.array(io.array(NumberFromString)), 'the codec[][]', 'NumberFromString'],
  [io.tuple([io.string, NumberFromString]), 'the codec[1]', 'NumberFromString'],
  [io.record(io.string, NumberFromString), 'the codec.*', 'NumberFromString'],
  [io.union([io.string, NumberFromString]), 'the codec', 'NumberFromString'],
  [
    io.intersection([AB, io.type({ c: secret(NumberFromString) })]),
    'the codec.c',
    'NumberFromString',
  ],
  [io.undefined, 'the codec', 'undefined'],
  [io.bigint, 'the codec', 'bigint'],
  [Tree, 'the codec', 'Tree'],
]

for (const [codec, place, name] of UNDESCRIBED) {
  test(`${codec.name} cannot be described, and the place is named`, t => {
    t.deepEqual(
      jsonSchema(codec),
      E.left(`${place}: the codec "${name}" has no structure that can be described`),
    )
  })
}

test('a described codec is the codec in every other way', t => {
  const Page = described(NumberFromString, { type: 'string' })
  t.deepEqual(Page.decode('5'), E.right(5))
  t.true(E.isLeft(Page.decode('five')))
  t.is(Page.name, 'NumberFromString')
  t.deepEqual([...propsOf(described(AB, {})).keys()], ['a', 'b'])
  t.true(holdsSecret(described(io.type({ key: secret(io.string) }), {})))
})
