import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { schemaType } from '../../../lib/cli/routes/schema-type.js'
import { typeText } from '../../../lib/cli/routes/type-script.js'
import { jsonSchema } from '../../../lib/protocol.js'
import { bin, command } from '../../support/packed-project.js'
import { folder } from '../../support/plugin-process.js'

const textOf = (schema: unknown): string => typeText(schemaType(schema))

const text = { type: 'string' }
const one = { type: 'object', properties: { a: text }, required: ['a'] }

/** A schema, its type, values that fit, and values that do not. */
const CASES: ReadonlyArray<
  readonly [
    schema: unknown,
    type: string,
    right: ReadonlyArray<unknown>,
    wrong: ReadonlyArray<unknown>,
  ]
> = [
  [true, 'unknown', [1], []],
  [{}, 'unknown', [null], []],
  [false, 'never', [], [1, null]],
  [{ type: 'string', minLength: 1 }, 'string', ['a'], [1]],
  [{ type: 'integer' }, 'number', [1], ['1']],
  [{ type: 'boolean' }, 'boolean', [true], [0]],
  [{ type: ['string', 'null'] }, 'string | null', ['a', null], [1]],
  [{ type: 'string', nullable: true }, 'string | null', ['a', null], [1]],
  [{ const: "it's" }, `"it's"`, ["it's"], ['its']],
  [{ const: 5 }, '5', [5], [6]],
  [{ const: { a: [1, null] } }, '{ a: [1, null] }', [{ a: [1, null] }], [{ a: [1] }]],
  [{ type: 'string', enum: ['a', 'b', null] }, "'a' | 'b' | null", ['a', null], ['c']],
  [{ enum: [] }, 'never', [], [1]],
  [{ type: 'array', items: text }, 'Array<string>', [[], ['a']], [[1]]],
  [{ type: 'array' }, 'Array<unknown>', [[1]], [{}]],
  [
    { type: 'array', items: { anyOf: [text, { type: 'null' }] } },
    'Array<string | null>',
    [[null]],
    [[1]],
  ],
  [
    { type: 'array', prefixItems: [text, { type: 'number' }], items: false, minItems: 2 },
    '[string, number]',
    [['a', 1]],
    [['a'], ['a', 1, 2]],
  ],
  [
    { prefixItems: [text, text], items: { type: 'number' }, minItems: 1 },
    '[string, (string)?, ...Array<number>]',
    [['a'], ['a', 'b', 1]],
    [[]],
  ],
  [one, '{ a: string }', [{ a: 'x' }], [{}, { a: 1 }]],
  [
    { type: 'object', properties: { 'a-b': text, c: text } },
    "{ 'a-b'?: string; c?: string }",
    [{}, { c: 'x' }],
    [{ c: 1 }],
  ],
  [{ type: 'object' }, 'Record<string, unknown>', [{ a: 1 }], [5]],
  [
    { type: 'object', additionalProperties: { type: 'number' } },
    'Record<string, number>',
    [{ a: 1 }],
    [{ a: 'x' }],
  ],
  [{ type: 'object', additionalProperties: false }, 'Record<string, never>', [{}], [{ a: 1 }]],
  [{ not: {} }, 'never', [], [1]],
  [
    { ...one, additionalProperties: { type: 'number' } },
    '{ a: string } & Record<string, unknown>',
    [{ a: 'x', b: 1 }],
    [{ b: 1 }],
  ],
  [{ properties: { a: text } }, '{ a?: string }', [{}], [{ a: 1 }]],
  [{ anyOf: [one, text] }, '{ a: string } | string', [{ a: 'x' }, 'a'], [1]],
  [{ oneOf: [text, text] }, 'string', ['a'], [1]],
  [
    { allOf: [one, { type: 'object', properties: { b: text } }] },
    '{ a: string } & { b?: string }',
    [{ a: 'x', b: 'y' }],
    [{ b: 'y' }],
  ],
  [
    { allOf: [{ anyOf: [text, { type: 'null' }] }, text] },
    '(string | null) & string',
    ['a'],
    [null],
  ],
  [
    { ...one, anyOf: [{ required: ['b'], properties: { b: text } }, { properties: { c: text } }] },
    '({ b: string } | { c?: string }) & { a: string }',
    [{ a: 'x', b: 'y' }],
    [{ b: 'y' }],
  ],
]

test('a schema is a type', t => {
  for (const [schema, type] of CASES) t.is(textOf(schema), type)
})

test('the types take what fits and refuse what does not, as the compiler sees it', async t => {
  const lines = CASES.flatMap(([, type, right, wrong], index) => [
    `type T${index} = ${type}`,
    ...right.map(
      (value, n) => `export const right${index}_${n}: T${index} = ${JSON.stringify(value)}`,
    ),
    ...wrong.map(
      (value, n) =>
        `// @ts-expect-error\nexport const wrong${index}_${n}: T${index} = ${JSON.stringify(value)}`,
    ),
    `export type U${index} = T${index}`,
  ])
  const place = folder()
  writeFileSync(join(place, 'types.ts'), lines.join('\n'))
  const { code, stdout } = await command(
    bin('tsc'),
    ['--noEmit', '--strict', '--target', 'es2022', '--types', '', 'types.ts'],
    place,
  )
  t.is(code, 0, stdout)
})

test('what the codecs of io-ts become, and come back as', t => {
  const typeOf = (codec: io.Mixed) => textOf(E.getOrElseW(() => false)(jsonSchema(codec)))
  const Note = io.intersection([
    io.type({ id: io.string, tags: io.array(io.string) }),
    io.partial({ n: io.union([io.number, io.null]) }),
  ])
  t.is(typeOf(Note), '{ id: string; tags: Array<string> } & { n?: number | null }')
  t.is(
    typeOf(io.tuple([io.literal(true), io.keyof({ a: null, 'b c': null })])),
    "[true, 'a' | 'b c']",
  )
  t.is(typeOf(io.record(io.string, io.readonlyArray(io.unknown))), 'Record<string, Array<unknown>>')
})

test('what has no type is unknown, and a comment says why', t => {
  const within = (schema: unknown) =>
    textOf({ type: 'object', properties: { a: { type: 'array', items: schema } } })
  t.is(
    within({ $ref: 'other.json' }),
    '{ a?: Array<unknown /* a reference to "other.json" has no type here */> }',
  )
  t.is(textOf({ $comment: 'an end */ of\na comment' }), 'unknown /* an end * / of a comment */')
  t.is(textOf({ type: 'text' }), 'unknown /* there is no type "text" */')
  t.is(
    textOf({ type: 'object', properties: { toString: { type: 'toString' } } }),
    '{ toString?: unknown /* there is no type "toString" */ }',
  )
  t.is(textOf('string'), 'unknown /* expected a JSON Schema, got "string" */')
})

test('a definition is a name, which a type may have in itself below an index', t => {
  const Json = { $ref: '#/$defs/Json' }
  t.is(textOf({ anyOf: [text, Json] }), 'string | Json')
  t.is(textOf({ type: 'object', additionalProperties: Json }), '{ [key: string]: Json }')
  t.is(
    textOf({ type: 'object', additionalProperties: { type: 'array', items: Json } }),
    '{ [key: string]: Array<Json> }',
  )
})

test('what is too long for a line is in several', t => {
  const names = Array.from({ length: 8 }, (_, index) => `a-rather-long-name-${index}`)
  t.is(
    textOf({
      type: 'object',
      properties: { a: { enum: names }, b: { type: 'array', items: one } },
    }),
    `{\n  a?:\n${names.map(name => `    | '${name}'\n`).join('')}  b?: Array<{ a: string }>\n}`,
  )
})
