import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { HttpAnswer, RequestId } from '../../lib/domain/message.js'
import { decodeBytes, decodeMessage, dialects } from '../../lib/wire/dialects.js'
import { wireError } from '../../lib/wire/wire-error.js'

const timestamp = '2026-01-15T10:00:00Z'
const request = { method: 'GET', path: '/', headers: {}, body: null }
const documentedHttp = (payload: object = {}, rest: object = {}) => ({
  type: 'http',
  timestamp,
  request_id: 'r',
  payload: { ...request, ...payload },
  ...rest,
})
const taggedHttp = (inner: object = {}, rest: object = {}) => ({
  type: 'http',
  timestamp,
  request_id: 'outer',
  payload: { type: 'http', request_id: 'inner', payload: request, ...inner },
  ...rest,
})
const http = (requestId: RequestId, rest: object = {}) => ({
  _tag: 'Http',
  requestId,
  pathDecoded: false,
  ...request,
  ...rest,
})
const refused = (explanation: string) =>
  E.left(wireError('InvalidMessage', `not a message of the protocol: ${explanation}`))
const meaning = (message: unknown) =>
  E.map(({ message: meant }: { message: unknown }) => meant)(decodeMessage(message))

test('bytes become a message together with the dialect to answer in', t => {
  t.deepEqual(
    decodeBytes(Buffer.from(JSON.stringify(taggedHttp()))),
    E.right({ dialect: dialects.tagged, message: http('outer', { pathDecoded: true }) }),
  )
  t.deepEqual(
    decodeBytes(Buffer.from('{')),
    E.left(
      wireError(
        'InvalidJson',
        'a message is not JSON: Expected property name or \'}\' in JSON at position 1: "{"',
      ),
    ),
  )
})

test('a request id that is null stays null, and one that is absent stays absent', t => {
  const { request_id: _, ...withoutId } = documentedHttp()
  t.deepEqual(meaning(documentedHttp({}, { request_id: null })), E.right(http(null)))
  t.deepEqual(meaning(withoutId), E.right(http(undefined)))

  const answer = { _tag: 'KvAnswer', value: null } as const
  t.is(
    dialects.documented.encodeAnswer(null, answer, timestamp),
    `{"type":"kv","timestamp":"${timestamp}","request_id":null,"payload":{"value":null}}`,
  )
  t.is(
    dialects.documented.encodeAnswer(undefined, answer, timestamp),
    `{"type":"kv","timestamp":"${timestamp}","payload":{"value":null}}`,
  )
})

test('a tagged request without an outer id has the inner one', t => {
  t.deepEqual(
    meaning(taggedHttp({}, { request_id: null })),
    E.right(http('inner', { pathDecoded: true })),
  )
  t.deepEqual(
    meaning(taggedHttp({}, { request_id: undefined })),
    E.right(http('inner', { pathDecoded: true })),
  )
})

test('a tagged answer without an id still has the inner string that the host needs', t => {
  const answer = { _tag: 'KvAnswer', value: 'v' } as const
  t.is(
    dialects.tagged.encodeAnswer(null, answer, timestamp),
    `{"type":"kv","timestamp":"${timestamp}","request_id":null,"payload":{"type":"kv","request_id":"","value":"v"}}`,
  )
})

test('a missing body is none, and so is a value of null', t => {
  const { body: _, ...bodiless } = request
  t.deepEqual(meaning({ type: 'http', timestamp, payload: bodiless }), E.right(http(undefined)))
  t.deepEqual(
    meaning({
      type: 'kv',
      timestamp,
      request_id: 'r',
      payload: { action: 'get', key: 'k', value: null },
    }),
    E.right({ _tag: 'Kv', requestId: 'r', action: 'get', key: 'k', value: undefined }),
  )
})

test('properties that nobody knows are tolerated at every depth', t => {
  t.deepEqual(meaning(documentedHttp({ trailers: {} }, { version: 2 })), E.right(http('r')))
  t.deepEqual(
    meaning(taggedHttp({ payload: { ...request, scheme: 'http' }, trace: 1 })),
    E.right(http('outer', { pathDecoded: true })),
  )
})

test('timestamps may have any fraction and offset', t => {
  for (const valid of [
    '2026-01-15T10:00:00Z',
    '2026-01-15T10:00:00.123456789Z',
    '2026-01-15t10:00:60z',
    '2026-01-15T10:00:00.5+02:00',
    '2026-01-15 10:00:00-00:30',
  ]) {
    t.deepEqual(meaning(documentedHttp({}, { timestamp: valid })), E.right(http('r')), valid)
  }
  for (const invalid of [
    '',
    'now',
    '2026-01-15',
    '2026-13-15T10:00:00Z',
    '2026-01-15T24:00:00Z',
    '2026-01-15T10:00:00',
    '2026-01-15T10:00:00.Z',
    ' 2026-01-15T10:00:00Z\n',
  ]) {
    t.deepEqual(
      meaning(documentedHttp({}, { timestamp: invalid })),
      refused(
        `timestamp: expected an RFC 3339 timestamp, got ${JSON.stringify(invalid).replaceAll('\\', '\\')}`,
      ),
      invalid,
    )
  }
})

test('names like __proto__ and constructor are ordinary names and touch no prototype', t => {
  const headers = '{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}'
  for (const text of [
    `{"type":"http","timestamp":"${timestamp}","payload":{"method":"GET","path":"/","headers":${headers},"body":null}}`,
    `{"type":"http","timestamp":"${timestamp}","payload":{"payload":{"method":"GET","path":"/","headers":${headers},"body":null}}}`,
    `{"type":"http","timestamp":"${timestamp}","request_id":"r","payload":{"type":"http","request_id":"r","payload":{"method":"GET","path":"/","headers":${headers},"body":null}}}`,
  ]) {
    const decoded = decodeBytes(Buffer.from(text))
    if (E.isLeft(decoded) || decoded.right.message._tag !== 'Http')
      return t.fail(JSON.stringify(decoded))
    t.deepEqual(Object.entries(decoded.right.message.headers), [
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
      ['hasOwnProperty', 'd'],
    ])
    t.is(decoded.right.dialect.encodeMessage(decoded.right.message, timestamp), text)
  }
  for (const key of ['__proto__', 'constructor']) {
    t.deepEqual(
      meaning({ type: 'kv', timestamp, payload: { action: 'get', key } }),
      E.right({ _tag: 'Kv', requestId: undefined, action: 'get', key, value: undefined }),
    )
  }
  t.deepEqual(
    meaning(JSON.parse('{"__proto__":{"type":"http"}}')),
    refused('type: expected "lifecycle", "http" or "kv", got nothing'),
  )
  t.deepEqual(
    meaning({ type: 'constructor' }),
    refused('type: expected "lifecycle", "http" or "kv", got "constructor"'),
  )
})

test('what is none of the messages is refused with the place, what was expected and what came', t => {
  t.deepEqual(meaning(5), refused('expected a message, got 5'))
  t.deepEqual(meaning(null), refused('expected a message, got null'))
  t.deepEqual(meaning([1]), refused('expected a message, got [1]'))
  t.deepEqual(
    meaning({ type: 'metrics', timestamp, payload: {} }),
    refused('type: expected "lifecycle", "http" or "kv", got "metrics"'),
  )
  t.deepEqual(
    meaning(documentedHttp({ method: 5, headers: { a: 1 } })),
    refused('payload.method: expected string, got 5; payload.headers.a: expected string, got 1'),
  )
  t.deepEqual(
    meaning(documentedHttp({}, { request_id: 7 })),
    refused('request_id: expected string or null, got 7'),
  )
  t.deepEqual(
    meaning(documentedHttp({ body: {} })),
    refused('payload.body: expected string or null, got {}'),
  )
  t.deepEqual(
    meaning({ type: 'http', timestamp, payload: { payload: {} } }),
    refused(
      'payload.payload.method: expected string, got nothing; payload.payload.path: expected string, got nothing; payload.payload.headers: expected an object of header names and strings, got nothing',
    ),
  )
  t.deepEqual(
    meaning(taggedHttp({ request_id: null })),
    refused('payload.request_id: expected string, got null'),
  )
  t.deepEqual(
    meaning(taggedHttp({ type: 'kv' })),
    refused('payload.type: expected "http", got "kv"'),
  )
  t.deepEqual(
    meaning({ type: 'kv', timestamp, payload: { action: 'Get', key: 'k' } }),
    refused('payload.action: expected "get", "set" or "delete", got "Get"'),
  )
  t.deepEqual(
    meaning({ type: 'kv', timestamp, payload: { payload: { action: 'get' } } }),
    refused('payload.payload.key: expected string, got nothing'),
  )
  t.deepEqual(
    meaning({
      type: 'kv',
      timestamp,
      payload: { type: 'kv', request_id: 'r', action: 'get', key: 'k' },
    }),
    refused('payload.action: expected "Get", "Set" or "Delete", got "get"'),
  )
})

test('an init must have its three strings; another action needs nothing', t => {
  const lifecycle = (payload: object) => meaning({ type: 'lifecycle', timestamp, payload })
  t.deepEqual(
    lifecycle({ action: 'init', instance_id: 'i', plugin_socket: 5 }),
    refused(
      'payload.plugin_socket: expected string, got 5; payload.log_path: expected string, got nothing',
    ),
  )
  t.deepEqual(
    lifecycle({ type: 'lifecycle', action: 'init' }),
    refused(
      'payload.instance_id: expected string, got nothing; payload.plugin_socket: expected string, got nothing; payload.log_path: expected string, got nothing',
    ),
  )
  t.deepEqual(
    lifecycle({ action: 'reload' }),
    E.right({ _tag: 'UnknownLifecycle', action: 'reload' }),
  )
  t.deepEqual(lifecycle({}), refused('payload.action: expected string, got nothing'))
})

test('an explanation stays short, however much is wrong', t => {
  const headers = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`h${i}`, i]))
  t.deepEqual(
    meaning(documentedHttp({ headers })),
    refused(
      'payload.headers.h0: expected string, got 0; payload.headers.h1: expected string, got 1; payload.headers.h2: expected string, got 2; and more',
    ),
  )
  t.deepEqual(
    meaning({ type: 'x'.repeat(1_000_000) }),
    refused(`type: expected "lifecycle", "http" or "kv", got "${'x'.repeat(78)}…`),
  )
})

test('data that is nested deeper than any stack is refused before it is parsed', t => {
  const deep = (depth: number) =>
    Buffer.from(
      `{"type":"http","timestamp":"${timestamp}","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    )
  const begun = `{"type":"http","timestamp":"${timestamp}","payload":`
  t.deepEqual(
    decodeBytes(deep(50_000)),
    refused(`it is nested more than 64 deep: "${begun}${'['.repeat(77 - begun.length)}…"`),
  )
  t.deepEqual(
    decodeBytes(deep(63)),
    refused(`payload: expected an HTTP request, got ${'['.repeat(63)}${']'.repeat(16)}…`),
  )
})

test('text belongs to the two ends: it passes through unchanged', t => {
  const body =
    '{ "n": 1e400, "one": 1.0,\t"big": 12345678901234567890, "e": "\\u00e9", "z": "Zoë 🔌", "a": 1, "a": 2 }\r\n'
  for (const dialect of Object.values(dialects)) {
    const answer: HttpAnswer = {
      _tag: 'HttpAnswer',
      status: 200,
      headers: { 'x-text': '"\\ é' },
      body,
    }
    t.deepEqual(
      dialect.decodeAnswer(JSON.parse(dialect.encodeAnswer('r', answer, timestamp))),
      E.right({ requestId: 'r', answer }),
      dialect.name,
    )
    const message = {
      _tag: 'Http',
      requestId: 'r',
      method: 'POST',
      path: '/é?q=%20',
      pathDecoded: dialect.name === 'tagged',
      headers: answer.headers,
      body,
    } as const
    t.deepEqual(
      dialect.decode(JSON.parse(dialect.encodeMessage(message, timestamp))),
      E.right(message),
      dialect.name,
    )
  }
})

test('no lone surrogate leaves, in whatever string it stands', t => {
  const lone = 'a\ud800'
  for (const dialect of Object.values(dialects)) {
    const texts = [
      dialect.encodeAnswer(
        lone,
        { _tag: 'HttpAnswer', status: 200, headers: { [lone]: lone }, body: `${lone}"` },
        timestamp,
      ),
      dialect.encodeAnswer(lone, { _tag: 'KvAnswer', value: lone }, timestamp),
      dialect.encodeMessage(
        {
          _tag: 'Http',
          requestId: lone,
          method: lone,
          path: lone,
          pathDecoded: true,
          headers: { [lone]: lone },
          body: lone,
        },
        lone,
      ),
      dialect.encodeMessage(
        { _tag: 'Kv', requestId: lone, action: 'set', key: lone, value: lone },
        timestamp,
      ),
      dialect.encodeMessage(
        { _tag: 'Init', instanceId: lone, pluginSocket: lone, logPath: lone },
        timestamp,
      ),
      dialect.encodeMessage({ _tag: 'UnknownLifecycle', action: lone }, timestamp),
    ]
    for (const text of texts) {
      t.false(text.includes('\\ud'), text)
      t.true(text.isWellFormed() && text.includes('a\ufffd'), text)
    }
  }
})

test('an answer that is none is refused', t => {
  const answerOf = (body: string) =>
    dialects.tagged.decodeAnswer(
      taggedHttp({ payload: { method: 'RESPONSE', path: '', headers: {}, body } }),
    )
  t.deepEqual(
    answerOf('{"status":200,"headers":{}}'),
    E.right({
      requestId: 'outer',
      answer: { _tag: 'HttpAnswer', status: 200, headers: {}, body: null },
    }),
  )
  t.deepEqual(
    answerOf('oops'),
    E.left(wireError('InvalidJson', `a message is not JSON: Unexpected token 'o': "oops"`)),
  )
  t.deepEqual(
    answerOf('{"status":200.5,"headers":{}}'),
    refused('payload.payload.body.status: expected an integer, got 200.5'),
  )
  t.deepEqual(
    dialects.documented.decodeAnswer({ type: 'lifecycle', timestamp, payload: { action: 'ping' } }),
    E.left(wireError('InvalidMessage', 'a lifecycle message is no answer')),
  )
})
