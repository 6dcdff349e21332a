import test from 'ava'
import { example } from '../../../../lib/devhost/console/calls/schema-example.js'

test('an example of every kind of schema', t => {
  const cases: ReadonlyArray<readonly [unknown, unknown]> = [
    [{ const: 5 }, 5],
    [{ type: 'string', default: 'd' }, 'd'],
    [{ enum: ['dark', 'light'] }, 'dark'],
    [{ type: 'string', examples: ['e'] }, 'e'],
    [{ type: 'string' }, 'text'],
    [{ type: 'string', minLength: 6 }, 'textxx'],
    [{ type: 'string', format: 'uuid' }, '00000000-0000-4000-8000-000000000000'],
    [{ type: 'integer', minimum: 3 }, 3],
    [{ type: 'number', exclusiveMinimum: 0 }, 1],
    [{ type: 'number', maximum: 0 }, 0],
    [{ type: ['null', 'string'] }, null],
    [{ type: 'boolean' }, true],
    [{ type: 'array', items: { type: 'number' } }, [1]],
    [{ type: 'array', prefixItems: [{ const: 1 }, { const: 'b' }], items: false }, [1, 'b']],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 1],
    [
      {
        allOf: [
          { type: 'object', properties: { a: { const: 1 } } },
          { properties: { b: { const: 2 } } },
        ],
      },
      { a: 1, b: 2 },
    ],
    [{ type: 'object', additionalProperties: { type: 'string' } }, {}],
    [{}, null],
    [true, null],
  ]
  for (const [schema, expected] of cases)
    t.deepEqual(example(schema), expected, JSON.stringify(schema))
})

test('a recursive schema is followed once', t => {
  const tree = {
    type: 'object',
    properties: {
      value: { type: 'string' },
      children: { type: 'array', items: { $ref: '#/$defs/Tree' } },
      next: { anyOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] },
      self: { $ref: '#/$defs/Tree' },
    },
  }
  const $defs = { Tree: tree }
  const expected = { value: 'text', children: [], next: null }
  t.deepEqual(example({ $ref: '#/$defs/Tree', $defs }), expected)
  t.deepEqual(example({ type: 'array', items: { $ref: '#/$defs/Tree' }, $defs }), [expected])
  t.is(example({ $ref: '#/$defs/Missing' }), null)
})

test('a schema without an end has an example with one', t => {
  const endless: { type: string; items?: unknown } = { type: 'array' }
  endless.items = endless
  t.notThrows(() => JSON.stringify(example(endless)))
})
