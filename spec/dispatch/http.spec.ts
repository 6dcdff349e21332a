import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { Get, Head, Options, Plugin, Post } from '../../decorators/index.js'
import { invalidRequest, ioError, notFound, notInitialized } from '../../lib/domain/plugin-error.js'
import { empty, json, response, text } from '../../lib/domain/response.js'
import { jsonAnswer, METADATA, running } from './harness.js'

const INTERNAL = jsonAnswer(500, {
  error: 'Internal',
  message: 'the plugin failed to answer; its log has the reason',
})
const refused = (status: number, message: string, headers = {}) =>
  jsonAnswer(status, { error: 'InvalidRequest', message }, headers)
const cause = new Error('disk full')

@Plugin(METADATA)
class Notes {
  @Get('/notes-list')
  list() {
    return ['a']
  }
  @Get('/:id')
  one(req: { params: { id: string } }) {
    return text(req.params.id)
  }
  @Post('/:id')
  add() {
    return empty(201)
  }
  @Get('/fails/:how')
  fails(req: { params: { how: string } }): unknown {
    if (req.params.how === 'internal') throw cause
    if (req.params.how === 'io') return E.left(ioError('the disk is full', cause))
    if (req.params.how === 'header') return response({ headers: { 'X-A': 'a\r\nb' } })
    if (req.params.how === 'error-header')
      return E.left(notFound('no', { headers: { 'X-A': 'a\r\nb' } }))
    if (req.params.how === 'own-header')
      return E.left(notFound('no', { headers: { 'Content-Length': '5', 'X-A': 'b' } }))
    if (req.params.how === 'json') return json({ n: 5n })
    return E.left(invalidRequest('no tea', { status: 418 }))
  }
}

const { ask, log } = running(new Notes())

test('the handler of a route answers', t => {
  t.deepEqual(ask({ path: '/notes-list' }), jsonAnswer(200, ['a']))
  t.deepEqual(ask({ path: '/a%20b', pathDecoded: false }), {
    ...jsonAnswer(200, ''),
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'a b',
  })
  t.deepEqual(ask({ path: '/notes/notes-list?x=1' }), jsonAnswer(200, ['a']))
})

test('a request without a route is answered with 404, 405, or 204 for OPTIONS', t => {
  log.entries.length = 0
  t.deepEqual(ask({ path: '/a/b/c?token=x' }), refused(404, 'there is no route GET /a/b/c'))
  t.deepEqual(log.entries, [
    ['info', 'GET /a/b/c answered 404: there is no route GET /a/b/c', { handler: 'none' }],
  ])
  t.deepEqual(ask({ path: '/notes/a/b/c' }), refused(404, 'there is no route GET /a/b/c'))
  t.deepEqual(
    ask({ method: 'PUT', path: '/5' }),
    refused(405, '/5 does not take PUT, but GET, HEAD, OPTIONS, POST', {
      Allow: 'GET, HEAD, OPTIONS, POST',
    }),
  )
  t.deepEqual(
    ask({ method: 'get', path: '/5' }),
    refused(405, '/5 does not take get, but GET, HEAD, OPTIONS, POST', {
      Allow: 'GET, HEAD, OPTIONS, POST',
    }),
  )
  t.deepEqual(ask({ method: 'OPTIONS', path: '/5' }), {
    _tag: 'HttpAnswer',
    status: 204,
    headers: { Allow: 'GET, HEAD, OPTIONS, POST' },
    body: null,
  })
  t.deepEqual(
    ask({ method: 'OPTIONS', path: '/a/b/c' }),
    refused(404, 'there is no route OPTIONS /a/b/c'),
  )
  t.deepEqual(
    ask({ path: '/%zz', pathDecoded: false }),
    refused(
      400,
      'the path has a "%" that is not followed by two hexadecimal digits of UTF-8 text; write "%25" for a percent sign',
    ),
  )
})

test('a path or a query that is too long reaches no handler', t => {
  t.deepEqual(
    ask({ path: `/${'a'.repeat(65_536)}` }),
    refused(414, 'the path is longer than 65536 characters'),
  )
  t.deepEqual(
    ask({ path: `/notes-list?${'a'.repeat(65_537)}` }),
    refused(414, 'the query is longer than 65536 characters'),
  )
  t.deepEqual(
    ask({ path: `/notes-list?${'a&'.repeat(10_000)}` }),
    refused(400, 'the query has more than 10000 fields'),
  )
})

test('HEAD is answered as GET is, without the body', t => {
  t.deepEqual(ask({ method: 'HEAD', path: '/notes-list' }), {
    ...jsonAnswer(200, ['a']),
    body: null,
  })
  t.deepEqual(ask({ method: 'HEAD', path: '/a/b/c' }), { ...refused(404, ''), body: null })
  t.deepEqual(ask({ method: 'HEAD', path: '/fails/internal' }), { ...INTERNAL, body: null })
})

test('routes for HEAD and OPTIONS go before what comes for free', t => {
  @Plugin(METADATA)
  class Own {
    @Get('/')
    get() {
      return 'get'
    }
    @Head('/')
    head() {
      return response({ headers: { 'X-Own': 'head' }, body: 'not sent' })
    }
    @Options('/')
    options() {
      return text('own')
    }
  }
  const own = running(new Own())
  t.deepEqual(own.ask({ method: 'HEAD' }), {
    _tag: 'HttpAnswer',
    status: 200,
    headers: { 'X-Own': 'head' },
    body: null,
  })
  t.deepEqual(own.ask({ method: 'OPTIONS' }), {
    _tag: 'HttpAnswer',
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'own',
  })
})

test('an error is an answer and an entry in the log', t => {
  log.entries.length = 0
  t.deepEqual(ask({ path: '/fails/internal' }), INTERNAL)
  t.deepEqual(
    ask({ path: '/fails/io' }),
    jsonAnswer(500, { error: 'Io', message: 'the disk is full' }),
  )
  t.deepEqual(ask({ path: '/fails/tea' }), refused(418, 'no tea'))
  t.deepEqual(log.entries, [
    [
      'error',
      'GET /fails/internal answered 500: disk full',
      { handler: 'Notes.fails', error: cause },
    ],
    [
      'error',
      'GET /fails/io answered 500: the disk is full',
      { handler: 'Notes.fails', error: cause },
    ],
    ['info', 'GET /fails/tea answered 418: no tea', { handler: 'Notes.fails' }],
  ])
})

test('an answer that the host cannot carry is a fault of the plugin, which its log names', t => {
  log.entries.length = 0
  for (const how of ['header', 'error-header'])
    t.deepEqual(ask({ path: `/fails/${how}` }), INTERNAL, how)
  t.is(ask({ path: '/fails/json' }) instanceof Promise, false)
  const message =
    'the response header "X-A" has a line break or another control character in its value'
  t.deepEqual(log.entries.slice(0, 2), [
    ['error', `GET /fails/header answered 500: ${message}`, { handler: 'Notes.fails' }],
    ['error', `GET /fails/error-header answered 500: ${message}`, { handler: 'Notes.fails' }],
  ])
  t.deepEqual(ask({ path: '/fails/own-header' }), refused(404, 'no', { 'X-A': 'b' }))
})

test('after @OnInit has failed every request is answered with 503, and no handler runs', async t => {
  const answer = jsonAnswer(503, { error: 'NotInitialized', message: 'not ready' })
  const failed = E.left(notInitialized('not ready'))
  for (const ready of [() => failed, async () => failed]) {
    const plugin = running(new Notes(), ready)
    t.deepEqual(await plugin.ask({ path: '/notes-list' }), answer)
    t.deepEqual(await plugin.ask({ path: '/a/b/c' }), answer)
  }
})

test('a request waits for @OnInit', async t => {
  const { context } = running(new Notes())
  const waiting = running(new Notes(), async () => E.right(context))
  const answer = waiting.ask({ path: '/notes-list' })
  t.true(answer instanceof Promise)
  t.deepEqual(await answer, jsonAnswer(200, ['a']))
})
