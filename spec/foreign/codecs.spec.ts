import test from 'ava'
import { BooleanFromString } from 'io-ts-types/lib/BooleanFromString.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { nonEmptyArray } from 'io-ts-types/lib/nonEmptyArray.js'
import { optionFromNullable } from 'io-ts-types/lib/optionFromNullable.js'
import { withFallback } from 'io-ts-types/lib/withFallback.js'
import { clientFile } from '../../lib/cli/routes/client.js'
import { openApi } from '../../lib/cli/routes/openapi.js'
import { t as codec } from '../../lib/fp.js'
import { Get, Plugin, Post } from '../../lib/index.js'
import { describe } from '../../lib/reflect/describe.js'
import { testPlugin } from '../../lib/testing/index.js'
import { declarationOf } from '../dispatch/harness.js'

// Codecs for the parts of a request, whose values come as text and whose names come as HTTP has
// them. What the codec asks for counts, wherever in it that stands.

const METADATA = { id: 'codecs', name: 'Codecs', version: '1.0.0', icon: '🔎', route: '/codecs' }

/** A codec whose structure cannot be seen. */
const opaque = <A, O>(of: codec.Type<A, O>): codec.Mixed =>
  new codec.Type('Opaque', of.is, of.validate, of.encode)

const answered = (part: 'query' | 'headers', schema: codec.Mixed) => {
  @Plugin(METADATA)
  class Codecs {
    @Get('/', { [part]: schema })
    get(req: { query: unknown; headers: unknown }) {
      return { [part]: req[part] }
    }
  }
  return testPlugin(new Codecs())
}

const Tags = codec.type({ tag: codec.array(codec.string) })
const Search = codec.type({ q: codec.string })
const Kinds = codec.union([
  codec.type({ kind: codec.literal('one'), id: NumberFromString }),
  codec.type({ kind: codec.literal('many'), id: codec.array(NumberFromString) }),
])

/** Queries and what the handler gets; a text is the refusal. */
const QUERIES: ReadonlyArray<
  readonly [source: string, schema: codec.Mixed, query: string, outcome: object | string]
> = [
  ['https://github.com/elastic/kibana/pull/230983', Tags, 'tag=a', { tag: ['a'] }],
  [
    'https://github.com/cdimascio/express-openapi-validator/issues/27',
    codec.union([Tags, Search]),
    'tag=a',
    { tag: ['a'] },
  ],
  [
    'https://github.com/krakenjs/hapi-openapi/issues/199',
    codec.union([Search, Tags]),
    'q=a',
    { q: 'a' },
  ],
  [
    'https://github.com/BRIKEV/express-oas-validator/issues/30',
    codec.intersection([Tags, codec.partial({ page: NumberFromString })]),
    'tag=a&page=2',
    { tag: ['a'], page: 2 },
  ],
  [
    'https://github.com/express-validator/express-validator/issues/704',
    codec.partial({ tag: codec.array(codec.string) }),
    '',
    {},
  ],
  [
    'https://github.com/express-validator/express-validator/issues/755',
    codec.type({ type: codec.keyof({ new: null }) }),
    'type=new&type=foo',
    'query.type: expected "new", got ["new","foo"]',
  ],
  [
    'https://github.com/cdimascio/express-openapi-validator/issues/27',
    codec.type({ at: codec.union([codec.string, codec.array(codec.string)]) }),
    'at=a',
    { at: 'a' },
  ],
  [
    'https://github.com/jhthorsen/mojolicious-plugin-openapi/issues/37',
    codec.type({ id: nonEmptyArray(NumberFromString) }),
    'id=5',
    { id: [5] },
  ],
  [
    'https://github.com/mulesoft-labs/osprey-mock-service/issues/31',
    Kinds,
    'kind=many&id=5',
    { kind: 'many', id: [5] },
  ],
  [
    'https://github.com/mulesoft-labs/osprey-mock-service/issues/31',
    Kinds,
    'kind=one&id=5',
    { kind: 'one', id: 5 },
  ],
  [
    'https://github.com/aleksandryackovlev/openapi-mock-express-middleware/issues/31',
    codec.readonly(codec.union([codec.exact(Tags), codec.exact(Search)])),
    'tag=a',
    { tag: ['a'] },
  ],
  [
    'https://github.com/jhthorsen/swagger2/pull/44',
    codec.refinement(codec.union([Tags, Search]), () => true),
    'tag=a',
    { tag: ['a'] },
  ],
  ['https://github.com/elastic/kibana/pull/230983', opaque(Tags), 'tag=a', { tag: ['a'] }],
  [
    'https://github.com/elastic/kibana/pull/230983',
    codec.union([opaque(Tags), Search]),
    'tag=a',
    { tag: ['a'] },
  ],
  ['https://github.com/elastic/kibana/pull/230983', Tags.pipe(codec.any), 'tag=a', { tag: ['a'] }],
  [
    'https://github.com/honojs/middleware/issues/857',
    codec.type({ tag: optionFromNullable(codec.array(codec.string)) }),
    'tag=a',
    { tag: { _tag: 'Some', value: ['a'] } },
  ],
  [
    'https://github.com/honojs/middleware/issues/857',
    codec.type({ tag: withFallback(codec.array(codec.string), []) }),
    'tag=a',
    { tag: ['a'] },
  ],
  [
    'https://github.com/cdimascio/express-openapi-validator/issues/27',
    codec.record(codec.string, codec.array(codec.string)),
    'a=1&b=2&b=3',
    { a: ['1'], b: ['2', '3'] },
  ],
  [
    'https://github.com/aleksandryackovlev/openapi-mock-express-middleware/issues/31',
    codec.type({ id: codec.array(NumberFromString) }),
    'id=x',
    'query.id.0: expected NumberFromString, got "x"',
  ],
]

for (const [source, schema, query, outcome] of QUERIES) {
  test(`?${query} for ${schema.name} (${source})`, async t => {
    const { status, json } = await answered('query', schema).get(`/?${query}`)
    if (typeof outcome === 'string')
      t.like({ status, json }, { status: 400, json: { message: outcome } })
    else t.deepEqual([status, json], [200, { query: outcome }])
  })
}

const Key = codec.type({ 'X-Api-Key': codec.string })

/** Header codecs, and the headers of theirs that the handler gets; a text is the refusal. */
const HEADERS: ReadonlyArray<
  readonly [
    source: string,
    schema: codec.Mixed,
    headers: Readonly<Record<string, string>>,
    outcome: object | string,
  ]
> = [
  [
    'https://github.com/honojs/hono/issues/3416',
    codec.exact(Key),
    { 'X-API-KEY': 'k3y' },
    { 'X-Api-Key': 'k3y' },
  ],
  [
    'https://github.com/honojs/middleware/pull/860',
    codec.exact(codec.type({ apiKey: codec.string })),
    { apikey: 'k' },
    { apiKey: 'k' },
  ],
  [
    'https://github.com/fastify/fastify/pull/816',
    codec.exact(codec.type({ UppErCaSe: NumberFromString })),
    { uppercase: '3' },
    { UppErCaSe: 3 },
  ],
  [
    'https://github.com/fastify/fastify/pull/816',
    codec.union([codec.exact(codec.type({ Other: codec.string })), codec.exact(Key)]),
    { 'x-api-key': 'k' },
    { 'X-Api-Key': 'k' },
  ],
  [
    'https://github.com/fastify/fastify/pull/910',
    codec.exact(codec.intersection([Key, codec.partial({ 'X-Count': NumberFromString })])),
    { 'x-api-key': 'k', 'x-count': '5' },
    { 'X-Api-Key': 'k', 'X-Count': 5 },
  ],
  [
    'https://github.com/z0mt3c/node-restify-validation/issues/77',
    Key,
    {},
    'headers.X-Api-Key: expected string, got nothing',
  ],
  [
    'https://github.com/express-validator/express-validator/issues/278',
    codec.exact(codec.partial({ 'X-Custom-Header': BooleanFromString })),
    { 'x-custom-header': 'true' },
    { 'X-Custom-Header': true },
  ],
  [
    'https://github.com/stoplightio/prism/pull/328',
    codec.exact(codec.type({ 'x-api-key': codec.string })),
    { 'X-Api-Key': 'k' },
    { 'x-api-key': 'k' },
  ],
  [
    'https://github.com/Effect-TS/effect-smol/pull/1217',
    opaque(codec.exact(Key)),
    { 'x-api-key': 'k' },
    { 'X-Api-Key': 'k' },
  ],
  [
    'https://github.com/honojs/hono/issues/3416',
    codec.exact(codec.type({ 'X-Api-Key': codec.literal('k') })),
    { 'x-api-key': 's3cret' },
    'headers.X-Api-Key: expected "k", got a value that is not shown',
  ],
]

for (const [source, schema, headers, outcome] of HEADERS) {
  test(`${JSON.stringify(headers)} for ${schema.name} (${source})`, async t => {
    const { status, json } = await answered('headers', schema).get('/', { headers })
    if (typeof outcome === 'string')
      t.like({ status, json }, { status: 400, json: { message: outcome } })
    else t.deepEqual([status, json], [200, { headers: outcome }])
  })
}

/** Codecs of bodies, and what the handler gets of a request without one; a text is the refusal. */
const BODIES: ReadonlyArray<
  readonly [source: string, schema: codec.Mixed, outcome: readonly [unknown] | string]
> = [
  [
    'https://github.com/camaraproject/SimSwap/issues/118',
    codec.partial({ maxAge: codec.number }),
    [{}],
  ],
  [
    'https://github.com/loopbackio/loopback-next/pull/8234',
    codec.union([codec.undefined, codec.type({ a: codec.string })]),
    [undefined],
  ],
  [
    'https://github.com/cdimascio/express-openapi-validator/issues/655',
    codec.union([codec.type({ id: codec.string }), codec.partial({ name: codec.string })]),
    [{}],
  ],
  [
    'https://github.com/thephpleague/openapi-psr7-validator/issues/197',
    codec.type({ a: codec.union([codec.string, codec.undefined]) }),
    [{}],
  ],
  [
    'https://github.com/hkarlstrom/openapi-validation-middleware/pull/40',
    codec.type({ a: codec.string }),
    'body: expected { a: string }, got nothing',
  ],
  [
    'https://github.com/AndrewKeig/express-validation/issues/176',
    codec.intersection([codec.type({ a: codec.string }), codec.partial({ b: codec.string })]),
    'body: expected ({ a: string } & Partial<{ b: string }>), got nothing',
  ],
  [
    'https://github.com/openapistack/openapi-backend/pull/903',
    codec.record(codec.string, codec.string),
    [{}],
  ],
  [
    'https://github.com/pb33f/wiretap/issues/146',
    codec.exact(codec.partial({ a: codec.string })),
    [{}],
  ],
  [
    'https://github.com/BlueOakJS/blueoak-server/issues/107',
    codec.array(codec.string),
    'body: expected Array<string>, got nothing',
  ],
  [
    'https://github.com/AndrewKeig/express-validation/issues/176',
    codec.null,
    'body: expected null, got nothing',
  ],
  ['https://github.com/atlassian/oas3-chow-chow/pull/1', codec.unknown, [undefined]],
  [
    'https://github.com/oas-tools/oas-tools/pull/180',
    opaque(codec.partial({ a: codec.string })),
    [{}],
  ],
]

for (const [source, schema, outcome] of BODIES) {
  test(`no body for ${schema.name}, at run time, in OpenAPI and in the typed client (${source})`, async t => {
    @Plugin(METADATA)
    class Codecs {
      @Post('/', { body: schema })
      post(req: { body: unknown }) {
        return [typeof req.body, req.body ?? null]
      }
    }
    const plugin = testPlugin(new Codecs())
    const isTaken = typeof outcome !== 'string'
    for (const body of [undefined, '']) {
      const { status, json } = await plugin.post('/', body)
      if (isTaken) t.deepEqual([status, json], [200, [typeof outcome[0], outcome[0] ?? null]])
      else t.like({ status, json }, { status: 400, json: { message: outcome } })
    }
    const description = describe(declarationOf(new Codecs()))
    const { paths } = JSON.parse(JSON.stringify(openApi(description).document))
    // A codec without a structure has no schema, and so no body in OpenAPI.
    t.is(paths['/'].post.requestBody?.required ?? false, !isTaken)
    t.regex(clientFile(description).text, isTaken ? /\bbody\?: / : /\bbody: /)
  })
}

test('what is expected is as short as what came (https://github.com/causaly/zod-validation-error/issues/41)', async t => {
  const names = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`Country of number ${index}`, null]),
  )
  const Many = codec.keyof(names)
  const Deep = codec.type({
    place: codec.union([Many, codec.array(Many), codec.type({ of: Many })]),
  })
  const { body } = await answered('query', codec.type({ place: Many })).get('/?place=x')
  const deep = await answered('query', Deep).get('/?place=x')
  const { details } = JSON.parse(body ?? '')
  t.deepEqual(details, [
    {
      path: 'query.place',
      expected: '"Country of number 0" | "Country of number 1" | "Country of number 2" | "Countr…',
      got: '"x"',
    },
  ])
  t.true((body ?? '').length < 400 && (deep.body ?? '').length < 400)
})
