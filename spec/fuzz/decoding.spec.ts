import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { Get, Kv, Plugin, Post } from '../../decorators/index.js'
import { requestDecoder } from '../../lib/dispatch/decode.js'
import { decodeValue } from '../../lib/dispatch/kv-value.js'
import { parseQuery, queryProblem } from '../../lib/dispatch/query.js'
import type { HttpRequest } from '../../lib/domain/http.js'
import type { PluginError } from '../../lib/domain/plugin-error.js'
import { METADATA, running } from '../dispatch/harness.js'
import fc, { runs } from '../support/properties.js'
import { headers, hostile, requestId } from './arbitraries.js'
import { codec, json, Tree } from './values.js'

const request = (said: Partial<HttpRequest>): HttpRequest => ({
  method: 'POST',
  path: '/',
  url: '/',
  params: {},
  query: {},
  headers: {},
  body: null,
  requestId: null,
  signal: AbortSignal.abort(),
  ...said,
})

/**
 * Whether an error can be sent to a client as it is: one of its own, short, with a short list of
 * places.
 */
const isForClients = (error: PluginError): boolean =>
  error._tag === 'InvalidRequest' &&
  error.status >= 400 &&
  error.status < 500 &&
  error.message.length < 8000 &&
  (error.details ?? []).length <= 400 &&
  (error.details ?? []).every(({ path, got }) => path.length <= 200 && got.length <= 80)

const kinds = fc.constantFrom(
  '',
  'application/json',
  'application/x-www-form-urlencoded',
  'application/x+json; charset=utf-8',
  'text/plain',
)
const bodies = fc.oneof(
  { weight: 4, arbitrary: json.map(value => JSON.stringify(value)) },
  fc.tuple(json, fc.nat(30)).map(([value, end]) => JSON.stringify(value).slice(0, -end)),
  hostile,
  fc
    .array(fc.tuple(hostile, hostile), { maxLength: 4 })
    .map(pairs => String(new URLSearchParams(pairs))),
)

test('any codecs of any parts decode any request, or refuse it in words for the client', t => {
  fc.assert(
    fc.property(
      codec,
      codec,
      codec,
      kinds,
      bodies,
      hostile,
      headers,
      (body, query, header, kind, text, search, own) => {
        const decoded = requestDecoder(
          { body, query, headers: header },
          100_000,
        )(
          request({
            body: text,
            query: parseQuery(search),
            headers: { ...own, 'content-type': kind },
          }),
        )
        t.true(E.isRight(decoded) || isForClients(decoded.left))
      },
    ),
    runs(200),
  )
})

test('a body that fits comes as JSON.parse gives it', t => {
  fc.assert(
    fc.property(codec, json, (body, value) => {
      const text = JSON.stringify(value)
      if (text === '""' || text.includes('"__proto__"')) return
      const decoded = requestDecoder({ body }, 1_000_000)(request({ body: text }))
      const plain = body.decode(JSON.parse(text))
      t.is(decoded._tag, plain._tag)
      if (E.isRight(decoded) && E.isRight(plain)) t.deepEqual(decoded.right.body, plain.right)
    }),
    runs(200),
  )
})

test('any text decodes as a value of a key, or is refused', t => {
  fc.assert(
    fc.property(codec, bodies, (value, text) => {
      const decoded = decodeValue(value, text)
      t.true(E.isRight(decoded) || isForClients(decoded.left))
    }),
    runs(200),
  )
})

test('any query says what URLSearchParams says', t => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom('a', '&', '=', '+', '%', '%2B', '%C3%A9', '%ff', ';', '?', '__proto__', '1'),
      hostile,
    ),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(text, pieces => {
      const search = pieces.join('')
      const own = new Map<string, string | string[]>()
      // With a field before the rest, for URLSearchParams takes a leading question mark away.
      for (const [key, value] of [...new URLSearchParams(`x&${search}`)].slice(1)) {
        const earlier = own.get(key)
        own.set(key, earlier === undefined ? value : [earlier, value].flat())
      }
      t.is(queryProblem(search) === undefined, search.length <= 65_536)
      t.deepEqual(Object.entries(parseQuery(search)), Object.entries(Object.fromEntries(own)))
    }),
    runs(200),
  )
})

@Plugin(METADATA, { bodyLimit: 10_000 })
class Notes {
  @Get('/:id/*')
  one(req: HttpRequest) {
    return { ...req.params, query: req.query, headers: req.headers }
  }

  @Post('/', { body: Tree })
  add(req: { body: Tree }) {
    return req.body
  }

  @Kv('tree/*', Tree)
  tree() {
    return null
  }
}

test('any request to a plugin has an answer that the host can carry, and none shows the session', async t => {
  const { ask, kv, log } = running(new Notes())
  const method = fc.oneof(fc.constantFrom('GET', 'POST', 'OPTIONS', 'HEAD', 'PUT'), hostile)
  const path = fc.oneof(
    fc.constantFrom('/', '/notes', '/notes/a/b'),
    hostile,
    fc.array(hostile, { maxLength: 4 }).map(parts => `/${parts.join('/')}?${parts.join('&')}`),
  )
  const cookies = fc.array(
    fc.constantFrom(';', ' ', 'session_id=SECRET', 'session_id =SECRET', 'theme=dark', '='),
    { maxLength: 8 },
  )
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      fc.boolean(),
      requestId,
      headers,
      cookies,
      bodies,
      async (verb, url, pathDecoded, id, own, cookie, body) => {
        const all = { ...own, Cookie: cookie.join(';') }
        const answer = await ask({
          method: verb,
          path: url,
          pathDecoded,
          requestId: id,
          headers: all,
          body,
        })
        t.true(
          Number.isInteger(answer.status) &&
            answer.status >= 200 &&
            answer.status <= 501 &&
            answer.status !== 500,
          answer.body ?? '',
        )
        t.false((answer.body ?? '').includes('SECRET'))
        t.true((await kv('set', `tree/${url}`, body)).value === null)
        t.true(log.entries.every(([, message]) => message.length < 10_000))
        log.entries.splice(0)
      },
    ),
    runs(200),
  )
})
