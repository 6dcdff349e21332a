import test from 'ava'
import {
  blankCall,
  type Call,
  exampleText,
  requestOf,
  takesBody,
} from '../../../../lib/devhost/console/calls/call.js'
import { descriptionOf } from '../../../../lib/devhost/console/calls/description.js'
import {
  historyOf,
  MAX_CALLS,
  type PastCall,
  remember,
} from '../../../../lib/devhost/console/calls/history.js'
import { example } from '../../../../lib/devhost/console/calls/schema-example.js'
import type { RouteDescription } from '../../../../lib/domain/plugin-description.js'

const codec = (schema: Readonly<Record<string, unknown>> | null) => ({ name: 'C', schema })
const route = (change: Partial<RouteDescription> = {}): RouteDescription => ({
  method: 'GET',
  path: '/:id/files/*',
  handler: 'Notes.read',
  params: ['id', '*'],
  codecs: {},
  ...change,
})
const call = (change: Partial<Call> = {}): Call => ({
  ...blankCall(route()),
  params: { id: 'a/b c', '*': 'x/ü' },
  ...change,
})

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

test('a schema without an end has an example with one', t => {
  const endless: { type: string; items?: unknown } = { type: 'array' }
  endless.items = endless
  t.notThrows(() => JSON.stringify(example(endless)))
})

test('what does not fit in a description is left out', t => {
  t.deepEqual(descriptionOf('nonsense'), { routes: [], kv: [] })
  t.deepEqual(
    descriptionOf({
      routes: [
        { method: 'GET', path: '/', codecs: { body: { name: 'B' }, query: 5 } },
        { method: 'GET' },
        null,
      ],
      kv: [{ key: 'a', codec: null }, { key: 1 }],
    }),
    {
      routes: [
        {
          method: 'GET',
          path: '/',
          handler: '',
          params: [],
          codecs: { body: { name: 'B', schema: null } },
        },
      ],
      kv: [{ key: 'a', handler: '', codec: null }],
    },
  )
})

test('a form begins with the names that the codecs know and an example of the body', t => {
  const query = codec({
    allOf: [{ type: 'object', properties: { q: {} } }, { properties: { tag: {} } }],
  })
  const body = codec({ type: 'object', properties: { title: { type: 'string' } } })
  const blank = blankCall(
    route({
      method: 'POST',
      codecs: { query, body, headers: codec({ properties: { 'x-key': {} } }) },
    }),
  )
  t.deepEqual(blank, {
    method: 'POST',
    route: '/:id/files/*',
    params: { id: '', '*': '' },
    query: [
      ['q', ''],
      ['tag', ''],
    ],
    headers: [['x-key', '']],
    body: '{\n  "title": "text"\n}',
  })
  t.is(exampleText(codec(null)), '')
  t.deepEqual(
    ['GET', 'HEAD', 'POST', 'DELETE'].map(method => takesBody(route({ method }))),
    [false, false, true, false],
  )
  t.true(takesBody(route({ method: 'DELETE', codecs: { body } })))
})

test('a request has its path encoded, its query, and only the headers that count', t => {
  const made = requestOf(
    call({
      method: 'POST',
      query: [
        ['tag', 'a&b'],
        ['tag', 'c'],
        ['q', ''],
      ],
      headers: [
        ['x-key', '1'],
        ['', 'lost'],
      ],
      body: '{}',
    }),
  )
  t.deepEqual(made, {
    request: {
      method: 'POST',
      path: '/a%2Fb%20c/files/x/%C3%BC?tag=a%26b&tag=c',
      headers: [
        ['content-type', 'application/json'],
        ['x-key', '1'],
      ],
      body: '{}',
    },
  })
})

test('what cannot be sent says why', t => {
  t.deepEqual(requestOf(call({ params: { id: '', '*': '' } })), {
    problem: 'id is empty: the path needs it',
  })
  t.deepEqual(requestOf(call({ params: { id: '..', '*': '' } })), {
    problem: 'a browser cannot send "." or ".." as a segment',
  })
})

const past = (at: number, change: Partial<Call> = {}): PastCall => ({
  at,
  call: call(change),
  status: 200,
  took: 1,
})

test('the history has the newest first, an end, and no room for long bodies', t => {
  const long = past(1, { body: 'x'.repeat(30_000) })
  t.deepEqual(remember([past(1)], long), [past(1)])
  const all = Array.from({ length: MAX_CALLS + 5 }, (_, at) => past(at)).reduce<
    ReadonlyArray<PastCall>
  >(remember, [])
  t.is(all.length, MAX_CALLS)
  t.is(all[0]?.at, MAX_CALLS + 4)
  t.deepEqual(historyOf(JSON.stringify(all)), all)
})

test('what others wrote into the storage is no history', t => {
  for (const text of [
    null,
    '',
    '{',
    '5',
    '{}',
    '[null, 5, {"at":1}]',
    '[{"at":1,"took":1,"status":200,"call":{"params":{"a":1}}}]',
  ])
    t.deepEqual(historyOf(text), [], String(text))
})
