import test from 'ava'
import { Get, Plugin } from '../../decorators/index.js'
import type { HttpRequest } from '../../lib/domain/http.js'
import type { HttpMessage } from '../../lib/domain/message.js'
import type { PluginOptions } from '../../lib/domain/plugin-definition.js'
import { METADATA, running } from './harness.js'

/** The request that a handler was given. */
const seen = (said: Partial<HttpMessage>, options: PluginOptions = {}): HttpRequest => {
  const requests: HttpRequest[] = []
  @Plugin(METADATA, options)
  class Notes {
    @Get('/*')
    one(req: HttpRequest) {
      requests.push(req)
    }
  }
  running(new Notes()).ask(said)
  const [req] = requests
  if (req === undefined) throw new Error('the handler was not called')
  return req
}

test('a request has its line, its parts and its name', t => {
  const { method, path, url, params, query, headers, body, requestId } = seen({
    requestId: 'r7',
    path: '/notes/5?q=a%20b',
    headers: { Host: 'h' },
    body: 'text',
  })
  t.deepEqual(
    { method, path, url, params, query: { ...query }, headers: { ...headers }, body, requestId },
    {
      method: 'GET',
      path: '/notes/5',
      url: '/notes/5?q=a%20b',
      params: { '*': 'notes/5' },
      query: { q: 'a b' },
      headers: { host: 'h' },
      body: 'text',
      requestId: 'r7',
    },
  )
})

test('a request without a name has null for one', t => {
  t.deepEqual(
    [seen({ requestId: undefined }).requestId, seen({ requestId: null }).requestId],
    [null, null],
  )
})

test('only the first question mark ends a path', t => {
  const { path, query } = seen({ path: '/a?b=c?d&e=?' })
  t.deepEqual([path, { ...query }], ['/a', { b: 'c?d', e: '?' }])
})

test('header names are lower case, in an object without a prototype', t => {
  const { headers } = seen({
    headers: { 'X-Key': '1', ACCEPT: 'a', ['__proto__']: 'p', Constructor: 'c' },
  })
  t.is(Object.getPrototypeOf(headers), null)
  t.deepEqual(Object.entries(headers), [
    ['x-key', '1'],
    ['accept', 'a'],
    ['__proto__', 'p'],
    ['constructor', 'c'],
  ])
  const none = seen({}).headers
  t.deepEqual([Object.getPrototypeOf(none), none.constructor, none.toString], [
    null,
    undefined,
    undefined,
  ] as never)
})

const COOKIES: ReadonlyArray<readonly [given: string, kept: string | undefined]> = [
  ['session_id=s3cret', undefined],
  [' session_id = s3cret ', undefined],
  ['session_id=s3cret;', undefined],
  ['session_id', undefined],
  ['session_id=s3cret; theme=dark', 'theme=dark'],
  ['theme=dark; session_id=s3cret', 'theme=dark'],
  ['a=1; session_id=s3cret; b=2;session_id=again', 'a=1; b=2'],
  ['my_session_id=1; session_id2=2; Session_Id=3', 'my_session_id=1; session_id2=2; Session_Id=3'],
  ['theme=session_id', 'theme=session_id'],
  ['theme=dark', 'theme=dark'],
]

for (const [given, kept] of COOKIES) {
  test(`of the cookies "${given}" a handler sees ${kept === undefined ? 'none' : `"${kept}"`}`, t => {
    for (const name of ['cookie', 'Cookie']) {
      t.deepEqual(
        { ...seen({ headers: { [name]: given, host: 'h' } }).headers },
        { ...(kept === undefined ? {} : { cookie: kept }), host: 'h' },
      )
    }
  })
}

test('cookies that are longer than any browser sends are not searched for the session, and none of them is passed on', t => {
  const cookies = `session_id=s3cret${';a=1'.repeat(20_000)}`
  t.deepEqual({ ...seen({ headers: { cookie: cookies, host: 'h' } }).headers }, { host: 'h' })
})

test('a plugin that asks for it sees the session cookie', t => {
  const { headers } = seen(
    { headers: { Cookie: 'session_id=s3cret; a=1' } },
    { forwardSessionCookie: true },
  )
  t.deepEqual({ ...headers }, { cookie: 'session_id=s3cret; a=1' })
})

test('the signal is one, and is not aborted', t => {
  const req = seen({})
  t.is(req.signal, req.signal)
  t.false(req.signal.aborted)
})
