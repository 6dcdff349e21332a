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
  const unparsable = new SyntaxError('no JSON')
  const throwing = {
    toJSON: () => {
      throw unparsable
    },
  }
  t.deepEqual(flawOf(json({ a: 1 })), null)
  t.deepEqual(
    [() => 1, Symbol('s'), undefined, circular, { n: 5n }, throwing].map(value =>
      flawOf(json(value)),
    ),
    [
      'answer, which is a function: call it, or run it first if it is a TaskEither',
      'answer, which is a symbol: send a text',
      'answer, which is undefined: send null',
      'answer.self, which is answer again: JSON has no references, so send an id',
      'answer.n, which is a bigint: send a text',
    ]
      .map(what => serializationError(`JSON cannot carry ${what}`))
      .concat(
        serializationError(
          'JSON cannot carry answer, which is unreadable: the log has what it threw',
          unparsable,
        ),
      ),
  )
})
