import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { toAnswer, toResponse } from '../../lib/dispatch/answer.js'
import { internalError, serializationError } from '../../lib/domain/plugin-error.js'
import { empty, json, response, text } from '../../lib/domain/response.js'

const answered = (status: number, headers: object, body: string | null) =>
  E.right({ _tag: 'HttpAnswer', status, headers, body } as never)
const refused = (message: string) => E.left(internalError(message))
const JSON_TYPE = { 'Content-Type': 'application/json' }

test('what a helper made is sent as it is, nothing is 204, all else is JSON', t => {
  const made = text('a')
  t.is(toResponse(made), made)
  t.deepEqual(
    [undefined, null, 5, 'text', true, [1], { a: 1 }, new Date(0)].map(value =>
      toAnswer(toResponse(value)),
    ),
    [
      answered(204, {}, null),
      ...['null', '5', '"text"', 'true', '[1]', '{"a":1}', '"1970-01-01T00:00:00.000Z"'].map(body =>
        answered(200, JSON_TYPE, body),
      ),
    ],
  )
})

test('data that looks like a response, or like an error, stays data', t => {
  const data = [
    { status: 404, headers: { A: 'b' }, body: 'x' },
    { statusCode: 500 },
    { _tag: 'HttpAnswer', status: 500, headers: {}, body: null },
    { _tag: 'Internal', message: 'x' },
    { 'toru-plugin-api/response': null, status: 500 },
    JSON.parse(JSON.stringify({ ...json(1), status: 500 })),
  ]
  t.deepEqual(
    data.map(value => toAnswer(toResponse(value))),
    data.map(value => answered(200, JSON_TYPE, JSON.stringify(value))),
  )
})

test('a status is an integer from 200 to 599', t => {
  for (const status of [200, 204, 418, 599])
    t.deepEqual(toAnswer(empty(status)), answered(status, {}, null))
  for (const status of [
    0,
    99,
    100,
    101,
    199,
    600,
    65_736,
    200.5,
    -200,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]) {
    t.deepEqual(
      toAnswer(empty(status)),
      refused(`the status of a response must be an integer from 200 to 599, not ${status}`),
    )
  }
  const [wrong] = [JSON.parse('"200"')]
  t.deepEqual(
    toAnswer({ ...empty(), status: wrong }),
    refused('the status of a response must be an integer from 200 to 599, not 200'),
  )
})

test('numbers in headers become text, and every other value is refused by name', t => {
  t.deepEqual(
    toAnswer(empty(204, { 'X-Count': 5, 'X-Text': '' })),
    answered(204, { 'X-Count': '5', 'X-Text': '' }, null),
  )
  for (const [value, what] of [
    [null, 'null'],
    [true, 'boolean'],
    [undefined, 'undefined'],
    [['a'], 'object'],
  ] as const) {
    const headers: object = { 'X-A': value }
    t.deepEqual(
      toAnswer({ ...empty(), headers: { ...headers } }),
      refused(`the response header "X-A" must be a text or a number, not ${what}`),
    )
  }
})

test('headers that are no object of names and values are refused', t => {
  const wrong: ReadonlyArray<unknown> = [
    null,
    'text',
    5,
    [['a', 'b']],
    new Headers({ a: 'b' }),
    new Map([['a', 'b']]),
  ]
  for (const headers of wrong) {
    const made = Object.assign(empty(), { headers })
    t.deepEqual(
      toAnswer(made),
      refused('the headers of a response must be an object of names and values'),
    )
  }
})

test('a line break, NUL or another control character in a header is refused by name', t => {
  for (const character of ['\r', '\n', '\0', '\u0001', '\u001f', '\u007f']) {
    t.deepEqual(
      toAnswer(empty(204, { 'X-A': `a${character}b` })),
      refused(
        'the response header "X-A" has a line break or another control character in its value',
      ),
    )
  }
  t.deepEqual(
    toAnswer(empty(204, { 'X-A': 'a\tb é 😀' })),
    answered(204, { 'X-A': 'a\tb é 😀' }, null),
  )
})

test('a header name that HTTP does not allow is refused by name', t => {
  for (const name of ['', 'X A', 'X:A', 'Ä', 'a\n', '(a)', 'a/b', '"a"', 'a@b', '\0']) {
    t.deepEqual(
      toAnswer(empty(204, { [name]: 'x' })),
      refused(`the response header ${JSON.stringify(name)} has a name that HTTP does not allow`),
    )
  }
  const allowed = "!#$%&'*+-.^_`|~09AZaz"
  t.deepEqual(toAnswer(empty(204, { [allowed]: 'x' })), answered(204, { [allowed]: 'x' }, null))
})

test('the headers that the host writes itself are left out', t => {
  const headers = {
    'Content-Length': 5,
    'TRANSFER-ENCODING': 'chunked',
    connection: 'close',
    'X-A': 'b',
  }
  t.deepEqual(toAnswer(empty(204, headers)), answered(204, { 'X-A': 'b' }, null))
})

test('of two spellings of a name the later one counts', t => {
  t.deepEqual(
    toAnswer(json(1, 200, { 'content-type': 'application/problem+json' })),
    answered(200, { 'content-type': 'application/problem+json' }, '1'),
  )
})

test('a body is text, or bytes of UTF-8 text', t => {
  const bytes = new TextEncoder().encode('\ufeffé😀')
  t.deepEqual(toAnswer(response({ body: bytes })), answered(200, {}, '\ufeffé😀'))
  t.deepEqual(toAnswer(response({ body: Buffer.from('a') })), answered(200, {}, 'a'))
  t.deepEqual(toAnswer(response({ body: '' })), answered(200, {}, ''))
  for (const body of [
    Uint8Array.of(0xff, 0xfe),
    Uint8Array.of(0xed, 0xa0, 0x80),
    Uint8Array.of(0xc0, 0xaf),
  ]) {
    t.deepEqual(
      toAnswer(response({ body })),
      E.left(
        serializationError(
          'a body must be text: these bytes are not UTF-8, and the protocol carries nothing else (base64 would do)',
        ),
      ),
    )
  }
})

test('any other body is refused, and the error names the right helper', t => {
  for (const wrong of ['{}', '5', '[1]']) {
    const body = JSON.parse(wrong)
    t.deepEqual(
      toAnswer(response({ body })),
      E.left(
        serializationError(`a body must be a text, not ${typeof body}: send a value with json()`),
      ),
    )
  }
})

test('what JSON cannot carry is refused when it is sent', t => {
  t.deepEqual(
    [() => 1, { n: 5n }].map(value => toAnswer(json(value))),
    [
      E.left(
        serializationError(
          'JSON cannot carry answer, which is a function: call it, or run it first if it is a TaskEither',
        ),
      ),
      E.left(serializationError('JSON cannot carry answer.n, which is a bigint: send a text')),
    ],
  )
})
