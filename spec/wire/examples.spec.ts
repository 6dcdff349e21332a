import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { Answer, HostMessage, RequestId } from '../../lib/domain/message.js'
import type { DialectName } from '../../lib/wire/dialect.js'
import { dialectOf, dialects } from '../../lib/wire/dialects.js'
import { type Example, examplesOf } from './examples.js'

const HTTP_ID = '550e8400-e29b-41d4-a716-446655440000'
const JSON_TYPE = { 'Content-Type': 'application/json' }
const TIMESTAMP: Readonly<Record<DialectName, string>> = {
  documented: '2025-12-30T12:00:00Z',
  nested: '2025-12-30T12:00:00Z',
  tagged: '2026-01-15T10:00:00.123456789Z',
}

const LIFECYCLE: Readonly<Record<string, HostMessage>> = {
  init: {
    _tag: 'Init',
    instanceId: '0b8f3a3e-0000-4000-8000-000000000001',
    pluginSocket: '/tmp/toru-plugins/my-plugin.sock',
    logPath: '/var/log/toru/plugins/my-plugin.log',
  },
  shutdown: { _tag: 'Shutdown' },
  ping: { _tag: 'UnknownLifecycle', action: 'ping' },
}

const KV: Readonly<Record<string, HostMessage>> = {
  'kv-get': { _tag: 'Kv', requestId: 'kv-1', action: 'get', key: 'my-setting', value: undefined },
  'kv-set': { _tag: 'Kv', requestId: 'kv-2', action: 'set', key: 'my-setting', value: 'v' },
  'kv-delete': {
    _tag: 'Kv',
    requestId: 'kv-3',
    action: 'delete',
    key: 'my-setting',
    value: undefined,
  },
}

const get = (path: string, pathDecoded: boolean, requestId: string = HTTP_ID): HostMessage => ({
  _tag: 'Http',
  requestId,
  method: 'GET',
  path,
  pathDecoded,
  headers: {},
  body: null,
})

const post = (
  path: string,
  pathDecoded: boolean,
  headers: Readonly<Record<string, string>>,
  body: string,
): HostMessage => ({
  _tag: 'Http',
  requestId: HTTP_ID,
  method: 'POST',
  path,
  pathDecoded,
  headers,
  body,
})

const MESSAGES: Readonly<Record<DialectName, Readonly<Record<string, HostMessage>>>> = {
  documented: {
    ...LIFECYCLE,
    ...KV,
    'http-get': get('/my-plugin', false),
    'http-post': post('/my-plugin/data', false, JSON_TYPE, '{"key": "value"}'),
  },
  nested: {
    ...LIFECYCLE,
    ...KV,
    'http-get': get('/', false),
    'http-post': post('/data', false, JSON_TYPE, '{"key": "value"}'),
    'kv-get-wrapped': {
      _tag: 'Kv',
      requestId: 'kv-1',
      action: 'get',
      key: 'my-setting',
      value: undefined,
    },
  },
  tagged: {
    ...LIFECYCLE,
    ...KV,
    'http-get': get('/', true, '550e8400-e29b-41d4-a716-446655440001'),
    'http-post': post(
      '/data?x=1&y=a%20b',
      true,
      { 'content-type': 'application/json' },
      '{"name":"Zoë 🔌"}',
    ),
  },
}

const KV_ANSWERS: Readonly<Record<string, readonly [RequestId, Answer]>> = {
  'kv-response': ['kv-1', { _tag: 'KvAnswer', value: 'v' }],
  'kv-response-null': ['kv-1', { _tag: 'KvAnswer', value: null }],
}

const success: Answer = {
  _tag: 'HttpAnswer',
  status: 200,
  headers: JSON_TYPE,
  body: '{"result": "success"}',
}
const created: Answer = {
  _tag: 'HttpAnswer',
  status: 201,
  headers: JSON_TYPE,
  body: '{"status": "created"}',
}

const ANSWERS: Readonly<
  Record<DialectName, Readonly<Record<string, readonly [RequestId, Answer]>>>
> = {
  documented: { ...KV_ANSWERS, 'http-response': [HTTP_ID, success] },
  nested: { ...KV_ANSWERS, 'http-response': [HTTP_ID, success] },
  tagged: { ...KV_ANSWERS, 'http-response': [HTTP_ID, created] },
}

/**
 * The text that is ours to write: the inner JSON text of a tagged response has no white space, and
 * a wrapped KV request is written bare.
 */
const written = ({ name, text }: Example): string => {
  if (name === 'kv-get-wrapped')
    return text.replace(
      '"payload":{"payload":{"action":"get","key":"my-setting"}}',
      '"payload":{"action":"get","key":"my-setting"}',
    )
  return text.replace(
    String.raw`{\"status\": 201, \"headers\": {\"Content-Type\": \"application/json\"}, \"body\": `,
    String.raw`{\"status\":201,\"headers\":{\"Content-Type\":\"application/json\"},\"body\":`,
  )
}

for (const name of ['documented', 'nested', 'tagged'] as const) {
  const dialect = dialects[name]
  for (const example of examplesOf(name)) {
    const message = MESSAGES[name][example.name]
    const reply = ANSWERS[name][example.name]

    if (message !== undefined) {
      test(`${name}: ${example.name} is read as what it means`, t => {
        t.deepEqual(dialect.decode(example.message), E.right(message))
      })

      test(`${name}: ${example.name} is written byte for byte`, t => {
        t.is(dialect.encodeMessage(message, TIMESTAMP[name]), written(example))
      })

      // A `set` has all that an answer has: only who sent it tells the two apart, as with every
      // property that is tolerated.
      if (example.name !== 'kv-set') {
        test(`${name}: ${example.name} is no answer`, t => {
          t.true(E.isLeft(dialect.decodeAnswer(example.message)))
        })
      }
    }

    if (reply !== undefined) {
      const [requestId, answer] = reply
      test(`${name}: ${example.name} is read as an answer`, t => {
        t.deepEqual(dialect.decodeAnswer(example.message), E.right({ requestId, answer }))
      })

      test(`${name}: ${example.name} is written byte for byte`, t => {
        t.is(dialect.encodeAnswer(requestId, answer, TIMESTAMP[name]), written(example))
      })

      // A tagged response is a request in form, with the method RESPONSE.
      if (name !== 'tagged' || example.name !== 'http-response') {
        test(`${name}: ${example.name} is no message`, t => {
          t.true(E.isLeft(dialect.decode(example.message)))
        })
      }
    }

    test(`${name}: ${example.name} is known by its test and recognised`, t => {
      t.true((message === undefined) !== (reply === undefined))
      // Only what has a form of its own can be told from `documented`; the rest reads the same
      // there.
      const distinct =
        name === 'tagged' || ['http-get', 'http-post', 'kv-get-wrapped'].includes(example.name)
      t.is(dialectOf(example.message).name, distinct ? name : 'documented')
    })
  }
}
