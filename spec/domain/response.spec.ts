import test from 'ava'
import { serializationError } from '../../lib/domain/plugin-error.js'
import {
  empty,
  flawOf,
  html,
  isResponse,
  json,
  redirect,
  response,
  text,
} from '../../lib/domain/response.js'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const plain = ({ status, headers, body }: ReturnType<typeof response>) => ({
  status,
  headers,
  body,
})

test('each helper makes a response of its kind', t => {
  t.deepEqual(
    [
      response({}),
      response({ status: 201, headers: { A: 1 }, body: 'x' }),
      json({ a: 1 }),
      json(null, 201, { A: 'b' }),
      text('x'),
      html('<p>', 404, { A: 'b' }),
      empty(),
      empty(304, { ETag: 'x' }),
      redirect('/a'),
      redirect('/a', 308),
    ].map(plain),
    [
      { status: 200, headers: {}, body: null },
      { status: 201, headers: { A: 1 }, body: 'x' },
      { status: 200, headers: JSON_TYPE, body: '{"a":1}' },
      { status: 201, headers: { ...JSON_TYPE, A: 'b' }, body: 'null' },
      { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'x' },
      { status: 404, headers: { 'Content-Type': 'text/html; charset=utf-8', A: 'b' }, body: '<p>' },
      { status: 204, headers: {}, body: null },
      { status: 304, headers: { ETag: 'x' }, body: null },
      { status: 302, headers: { Location: '/a' }, body: null },
      { status: 308, headers: { Location: '/a' }, body: null },
    ],
  )
})

test('only what a helper made is a response', t => {
  const copied = { ...json(1), status: 201 }
  const fromOutside: unknown = JSON.parse(JSON.stringify(json(1)))
  t.deepEqual(
    [
      json(1),
      copied,
      fromOutside,
      { status: 200, headers: {}, body: null },
      null,
      undefined,
      'text',
      () => 1,
    ].map(isResponse),
    [true, true, false, false, false, false, false, false],
  )
})

test('what is not JSON is remembered until the answer is sent', t => {
  const circular: Record<string, unknown> = {}
  circular.self = circular
  t.deepEqual(flawOf(json({ a: 1 })), null)
  for (const [value, what] of [
    [() => 1, 'a value of type function is not JSON'],
    [Symbol('s'), 'a value of type symbol is not JSON'],
    [undefined, 'a value of type undefined is not JSON'],
  ] as const) {
    t.deepEqual(flawOf(json(value)), serializationError(what))
  }
  for (const value of [circular, { n: 5n }, { toJSON: () => JSON.parse('{') }]) {
    const flaw = flawOf(json(value))
    t.is(flaw?._tag, 'Serialization')
    t.regex(flaw?.message ?? '', /^the answer is not JSON: ./)
  }
})
