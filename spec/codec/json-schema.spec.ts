import { Ajv2020 } from 'ajv/dist/2020.js'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { fromNullable } from 'io-ts-types/lib/fromNullable.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { withMessage } from 'io-ts-types/lib/withMessage.js'
import { described } from '../../lib/codec/described.js'
import { type JsonSchema, jsonSchema, partialSchema } from '../../lib/codec/json-schema.js'
import { propNames } from '../../lib/codec/props.js'
import { secret } from '../../lib/codec/secret.js'
import { holdsSecret } from '../../lib/codec/secrets.js'
import { shapeOf } from '../../lib/codec/shape.js'
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
  [
    io.tuple([io.string, io.union([io.string, io.undefined])]),
    {
      type: 'array',
      prefixItems: [{ type: 'string' }, { type: 'string' }],
      items: false,
      minItems: 1,
    },
  ],
  [io.keyof({ a: null }), { const: 'a' }],
  [io.keyof<Record<string, unknown>>({}), { not: {} }],
  [
    io.record(io.union([io.literal('a'), io.keyof({ b: null })]), io.number),
    {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    },
  ],
  [
    io.type({ a: fromNullable(io.string, ''), b: withMessage(io.string, () => 'a text') }),
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['b'],
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

/** A recursive codec with its structure. */
const recursion = (name: string, definition: (self: io.Mixed) => io.Mixed): io.Mixed => {
  const self: io.RecursiveType<io.Mixed> = io.recursion(name, () => definition(self))
  return self
}

const Tree = recursion('Tree', self => io.type({ children: io.readonlyArray(self) }))
const Numbers = recursion('Tree', self =>
  io.intersection([io.type({ n: io.number }), io.partial({ next: secret(self) })]),
)
const Folder = recursion('Folder', self =>
  io.strict({ files: io.array(recursion('a file', () => io.type({ within: self }))) }),
)
const Side = described(io.unknown, {
  type: 'array',
  items: { $ref: '#/$defs/Tree' },
  $defs: { Tree: { enum: ['left', 'right', { $ref: '#/$defs/Tree' }] } },
})

const reference = (name: string) => ({ $ref: `#/$defs/${name}` })
const object = (properties: object, ...required: string[]) => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
})
const TREE = object({ children: { type: 'array', items: reference('Tree') } }, 'children')

const RECURSIVE: ReadonlyArray<
  readonly [
    what: string,
    codec: io.Mixed,
    schema: JsonSchema,
    right: ReadonlyArray<unknown>,
    wrong: ReadonlyArray<unknown>,
  ]
> = [
  [
    'a recursion',
    Tree,
    { ...reference('Tree'), $defs: { Tree: TREE } },
    [{ children: [{ children: [] }] }],
    [{ children: [{ children: [{}] }] }, []],
  ],
  [
    'a recursion below a secret, and wrapped',
    io.type({ tree: secret(io.readonly(Tree)), other: refined(Tree, () => true, 'any tree') }),
    {
      ...object(
        { tree: { ...reference('Tree'), writeOnly: true }, other: reference('Tree') },
        'tree',
        'other',
      ),
      $defs: { Tree: TREE },
    },
    [{ tree: { children: [] }, other: { children: [] } }],
    [{ tree: { children: [5] }, other: { children: [] } }],
  ],
  [
    'two recursions of one name, and an author’s definition of it',
    io.tuple([Tree, Numbers, Side]),
    {
      type: 'array',
      prefixItems: [
        reference('Tree'),
        reference('Tree_2'),
        { type: 'array', items: reference('Tree_3') },
      ],
      items: false,
      minItems: 2,
      $defs: {
        Tree: TREE,
        Tree_2: {
          allOf: [
            object({ n: { type: 'number' } }, 'n'),
            object({ next: { ...reference('Tree_2'), writeOnly: true } }),
          ],
        },
        Tree_3: { enum: ['left', 'right', { $ref: '#/$defs/Tree' }] },
      },
    },
    [[{ children: [] }, { n: 1, next: { n: 2 } }, ['left']]],
    [
      [{ children: [] }, { children: [] }, []],
      [{ children: [] }, { n: 1, next: {} }, []],
      [{ children: [] }, { n: 1 }, ['up']],
    ],
  ],
  [
    'recursions of each other, in a union',
    io.union([Folder, io.undefined, io.union([io.undefined, io.null])]),
    {
      anyOf: [reference('Folder'), { type: 'null' }],
      $defs: {
        Folder: object({ files: { type: 'array', items: reference('a_file') } }, 'files'),
        a_file: object({ within: reference('Folder') }, 'within'),
      },
    },
    [{ files: [{ within: { files: [] } }] }, null],
    [{ files: [{ within: null }] }],
  ],
]

for (const [what, codec, schema, right, wrong] of RECURSIVE) {
  test(`${what}: the schema refers to its definitions`, t => {
    t.deepEqual(jsonSchema(codec), E.right(schema))
    const fits = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false }).compile(
      schema,
    )
    t.deepEqual(
      [...right, ...wrong].map(value => fits(value)),
      [...right.map(() => true), ...wrong.map(() => false)],
    )
    for (const value of right) t.true(E.isRight(codec.decode(value)))
  })
}

test('a part without a structure takes anything, and is named with its place', t => {
  const $comment = 'the codec "NumberFromString" has no structure that can be described'
  t.deepEqual(partialSchema(io.type({ a: io.string, deep: io.array(secret(NumberFromString)) })), {
    schema: object(
      { a: { type: 'string' }, deep: { type: 'array', items: { $comment, writeOnly: true } } },
      'a',
      'deep',
    ),
    gaps: [`the codec.deep[]: ${$comment}`],
  })
})

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
  [io.union([io.undefined, io.void]), 'the codec', '(undefined | void)'],
  [recursion('Pages', () => io.array(NumberFromString)), 'the codec[]', 'NumberFromString'],
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
  t.deepEqual(propNames(described(AB, {})), ['a', 'b'])
  t.true(holdsSecret(shapeOf(described(io.type({ key: secret(io.string) }), {}))))
})
