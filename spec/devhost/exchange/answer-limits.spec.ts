import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { browserAnswer } from '../../../lib/devhost/exchange/answer-limits.js'

const outer = (body: unknown, more: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: 'http',
      timestamp: '2026-01-01T00:00:00Z',
      request_id: 'a',
      payload: {
        type: 'http',
        request_id: 'a',
        payload: { method: 'RESPONSE', path: '', headers: {}, body },
      },
      ...more,
    }),
  )
const inner = (answer: unknown): E.Either<string, unknown> =>
  browserAnswer('tagged', outer(JSON.stringify(answer)))
const right = (
  status: number,
  headers: ReadonlyArray<readonly [string, string]>,
  body: string,
  losses: number,
): unknown => ({
  status,
  headers,
  body,
  losses,
})
const counted = (result: E.Either<string, unknown>): unknown =>
  E.isLeft(result)
    ? result
    : {
        ...(result.right as object),
        losses: (result.right as { losses: ReadonlyArray<string> }).losses.length,
      }

test('an answer within the limits is as it is, its text in the bytes of UTF-8', t => {
  t.deepEqual(
    counted(inner({ status: 201, headers: { 'X-Name': 'Zoë' }, body: 'grün' })),
    right(201, [['X-Name', 'ZoÃ«']], 'grün', 0),
  )
  t.deepEqual(counted(inner({ status: 200, headers: {}, body: null })), right(200, [], '', 0))
})

test('what the host drops or changes', t => {
  t.deepEqual(
    counted(inner({ status: 200, headers: { a: '1', n: 5 }, body: '' })),
    right(200, [], '', 1),
  )
  t.deepEqual(
    counted(
      inner({ status: 200, headers: { a: 'x\ny', b: 'x\u0000', 'c d': '', e: 'x' }, body: '' }),
    ),
    right(200, [['e', 'x']], '', 3),
  )
  t.deepEqual(counted(inner({ status: 70_000, headers: {}, body: 'x' })), right(500, [], '', 1))
  t.deepEqual(counted(inner({ status: 65_736, headers: {}, body: 'x' })), right(200, [], 'x', 1))
  for (const status of [0, 99, 100, 199, 1_000])
    t.deepEqual(counted(inner({ status, headers: { a: '1' }, body: 'x' })), right(500, [], '', 1))
  for (const status of ['200', undefined, -1, 1.5])
    t.deepEqual(counted(inner({ status, headers: {}, body: 'x' })), right(500, [], 'x', 1))
  t.deepEqual(
    counted(inner({ status: 200, headers: {}, body: { json: true } })),
    right(200, [], '', 1),
  )
})

test('what the host cannot parse is no answer', t => {
  const left = (bytes: Buffer): boolean => E.isLeft(browserAnswer('tagged', bytes))
  t.true(left(Buffer.from([0x22, 0xff, 0x22])))
  t.true(left(Buffer.from('')))
  t.true(left(Buffer.from('{}')))
  t.true(left(outer('not JSON')))
  t.true(left(outer('{"status":200,"headers":{},"body":"\\ud800"}')))
  t.true(left(Buffer.from(outer('{}').toString().replace('"a"', '"\\udfff"'))))
  t.true(left(outer('{}', { timestamp: 'yesterday' })))
  t.true(left(Buffer.from(`${'['.repeat(128)}${']'.repeat(128)}`)))
})

test('an inner answer that is nested too deep is 500 with no body, up to that it is not', t => {
  const nested = (depth: number): string =>
    `{"status":200,"headers":{},"body":null,"more":${'['.repeat(depth)}${']'.repeat(depth)}}`
  t.deepEqual(counted(browserAnswer('tagged', outer(nested(127)))), right(500, [], '', 1))
  t.deepEqual(counted(browserAnswer('tagged', outer(nested(126)))), right(200, [], '', 0))
  t.deepEqual(
    counted(
      browserAnswer('tagged', outer(`{"status":200,"headers":{},"body":"${'[{\\"'.repeat(200)}"}`)),
    ),
    right(200, [], '[{"'.repeat(200), 0),
  )
})

test('the other dialects have the answer in the payload', t => {
  const bytes = Buffer.from(
    JSON.stringify({
      type: 'http',
      timestamp: '2026-01-01T00:00:00Z',
      payload: { status: 200, headers: { a: '1' }, body: 'x' },
    }),
  )
  for (const dialect of ['nested', 'documented'] as const)
    t.deepEqual(counted(browserAnswer(dialect, bytes)), right(200, [['a', '1']], 'x', 0))
  t.true(E.isLeft(browserAnswer('tagged', bytes)))
})
