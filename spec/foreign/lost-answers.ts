import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { t as io, TE } from '../../lib/fp.js'
import { Get, type HttpRequest, json, Plugin, type PluginContext } from '../../lib/index.js'

// What authors of handlers returned, after public reports about frameworks and serializers, and
// what a client should get.

/** The right answer: a body with its status, or the end of the message of a 500. */
export type Right = { readonly status: number; readonly body: unknown } | { readonly says: string }

/** Where a report is, what its handler returns, and what a client should get. */
type Case = readonly [source: string, returns: (ctx: PluginContext) => unknown, right: Right]

const body = (value: unknown, status = 200): Right => ({ status, body: value })
const lost = (says: string): Right => ({ says: `JSON cannot carry ${says}` })

class Dto {
  readonly id = 'a'
  get label(): string {
    return `the ${this.id}`
  }
}

class Props {
  readonly #props = { text: 'a' }
  get text(): string {
    return this.#props.text
  }
}

class Decimal {
  readonly #digits = '1.5'
  toJSON(): string {
    return this.#digits
  }
}

const holed = [111, 222, 333]
delete holed[0]
const circle: Record<string, unknown> = { status: 200 }
circle.request = { response: circle }

const CLASS = 'send a plain object, or give the class a toJSON()'
const ERROR = 'send its message, or yield it as the error of the answer'
const INTERNAL = body(
  { error: 'Internal', message: 'the plugin failed to answer; its log has the reason' },
  500,
)

/** The reports, of github.com unless they are our own. */
export const CASES: ReadonlyArray<Case> = [
  [
    'expressjs/express/issues/4183',
    () => ['a', 'b'].map(async piece => piece),
    lost('answer.0, which is a Promise: await it'),
  ],
  [
    'prisma/orm/issues/8430',
    () => ({ status: 200, data: Promise.resolve([]) }),
    lost('answer.data, which is a Promise: await it'),
  ],
  [
    'express-promise-router/express-promise-router/pull/11',
    () => Promise.resolve({ id: 1 }),
    body({ id: 1 }),
  ],
  ['luin/express-promise/issues/16', async () => new Error('401'), INTERNAL],
  ['arangodb/arangodb/issues/1957', () => new Error('Something'), INTERNAL],
  ['arangodb/arangodb/issues/1957', () => TE.right(new Error('Something')), INTERNAL],
  [
    'expressjs/express/issues/3720',
    () => ({ status: 'fail', error: new TypeError('a') }),
    lost(`answer.error, which is a TypeError: ${ERROR}`),
  ],
  [
    'webmodules/jsonp/issues/57',
    () => json({ error: new Error('Timeout') }),
    lost(`answer.error, which is an Error: ${ERROR}`),
  ],
  [
    'expressjs/express/issues/3576',
    () => new Set(['SOME ITEM']),
    lost('answer, which is a Set: send an array, [...set]'),
  ],
  [
    'expressjs/express/issues/3750',
    () => json(new Map([['hello', 'world']])),
    lost('answer, which is a Map: send Object.fromEntries(map)'),
  ],
  [
    'expressjs/express/issues/3750',
    () => ({ page: { labels: new Map() } }),
    lost('answer.page.labels, which is a Map: send Object.fromEntries(map)'),
  ],
  [
    'fastify/fast-json-stringify/issues/474',
    () => ({ scale: { x: Number.POSITIVE_INFINITY, y: 1 } }),
    lost('answer.scale.x, which is Infinity: send null or a text'),
  ],
  [
    'fastify/fast-json-stringify/issues/221',
    () => ({ a: Number.NEGATIVE_INFINITY }),
    lost('answer.a, which is -Infinity: send null or a text'),
  ],
  [
    'ravionhq/superjson/pull/7',
    () => [1, 0 / 0],
    lost('answer.1, which is NaN: send null or a text'),
  ],
  [
    'ravionhq/superjson/issues/292',
    () => ({ values: new Float64Array([Number.NaN, 0]) }),
    lost('answer.values, which is bytes (Float64Array): send text, such as base64'),
  ],
  [
    'DZakh/sury/issues/138',
    () => ({ mean: Number.POSITIVE_INFINITY }),
    lost('answer.mean, which is Infinity: send null or a text'),
  ],
  [
    'nestjs/nest/issues/6919',
    () => ({ id: BigInt(1234) }),
    lost('answer.id, which is a bigint: send a text'),
  ],
  [
    'fastify/fastify/issues/4423',
    async () => [{ id: 1n }],
    lost('answer.0.id, which is a bigint: send a text'),
  ],
  [
    'expressjs/express/issues/3931',
    () => circle,
    lost('answer.request.response, which is answer again: JSON has no references, so send an id'),
  ],
  [
    'axios/axios/issues/836',
    () => json({ response: circle }),
    lost(
      'answer.response.request.response, which is answer.response again: JSON has no references, so send an id',
    ),
  ],
  [
    'typestack/class-transformer/issues/1060',
    () => new Dto(),
    lost(`answer, which is a Dto with a property "label" that it inherits: ${CLASS}`),
  ],
  [
    'nestjsx/crud/issues/689',
    () => ({ total: 1, data: [new Dto()] }),
    lost(`answer.data.0, which is a Dto with a property "label" that it inherits: ${CLASS}`),
  ],
  [
    'typestack/class-transformer/issues/837',
    () => new Dto(),
    lost(`answer, which is a Dto with a property "label" that it inherits: ${CLASS}`),
  ],
  [
    'GillianPerard/typescript-json-serializer/issues/114',
    () => [new Props()],
    lost(`answer.0, which is a Props with a property "text" that it inherits: ${CLASS}`),
  ],
  ['shakilsiraj/json-object-mapper/issues/49', () => ({ ...new Dto() }), body({ id: 'a' })],
  ['nestjs/nest/issues/1589', () => ({ price: new Decimal() }), body({ price: '1.5' })],
  [
    'sinclairzx81/typebox/issues/386',
    () => Buffer.from('hello world'),
    lost('answer, which is bytes (Buffer): send text, such as base64'),
  ],
  [
    'matter-js/matter.js/pull/159',
    () => ({ key: Buffer.from('a') }),
    lost('answer.key, which is bytes (Buffer): send text, such as base64'),
  ],
  [
    'samchon/typia/issues/117',
    () => ({ key: new Uint8Array(2) }),
    lost('answer.key, which is bytes (Uint8Array): send text, such as base64'),
  ],
  [
    'medplum/medplum/pull/844',
    () => ({ name: ['a', undefined] }),
    lost('answer.name.1, which is undefined in an array: send null, or leave it out'),
  ],
  [
    'Krinkle/jquery-json/issues/22',
    () => holed,
    lost('answer.0, which is a hole in an array: send null, or leave it out'),
  ],
  ['vercel/next.js/pull/17209', () => ({ hello: undefined, a: 1 }), body({ a: 1 })],
  [
    'expressjs/express/issues/1644',
    () => json(undefined),
    lost('answer, which is undefined: send null'),
  ],
  ['id0Sch/express-mung/pull/5', () => json(null), body(null)],
  ['trpc/trpc/pull/680', () => Object.assign(Object.create(null), { a: 1 }), body({ a: 1 })],
  [
    'lxsmnsyc/seroval/issues/31',
    async function* () {
      yield 'Hello, World!'
    },
    lost('answer, which is an AsyncGenerator: read it first'),
  ],
  [
    'bguerout/oleoduc/pull/31',
    () => Readable.from(['a']),
    lost('answer, which is a Readable: read it first'),
  ],
  [
    'toru-plugin-api: a program that was not run',
    ctx => ({ visits: ctx.kv.get('visits'), up: true }),
    lost('answer.visits, which is a function: call it, or run it first if it is a TaskEither'),
  ],
  [
    'expressjs/express/issues/3884',
    () => Response.json({ a: 1 }, { status: 201 }),
    body({ a: 1 }, 201),
  ],
  [
    'honojs/hono/issues/3518',
    () => new Response('{"plain":true}', { headers: { 'content-encoding': 'gzip' } }),
    body({ plain: true }),
  ],
  [
    'stoplightio/prism/issues/1272',
    () => new Response(gzipSync('{}'), { headers: { 'content-encoding': 'gzip' } }),
    {
      says: 'a body must be text: these bytes are not UTF-8, and the protocol carries nothing else (base64 would do)',
    },
  ],
  [
    'safe-global/safe-client-gateway/pull/1091',
    () => ({ response: new Response('a') }),
    lost('answer.response, which is a Response: return it as the answer, or read it first'),
  ],
  [
    'mcansh/remix-fastify/pull/623',
    () =>
      new Response('a', {
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      }),
    {
      says: 'the Response has 2 set-cookie headers, and an answer can have one header of a name',
    },
  ],
]

const returned = (index: string, ctx: PluginContext): unknown => CASES[Number(index)]?.[1](ctx)

/** A plugin with a route for each report, and one with a response codec that all of them pass. */
@Plugin({ id: 'reports', name: 'Reports', version: '1.0.0', icon: '🐛', route: '/reports' })
export class Reports {
  @Get('/:index')
  plain(req: HttpRequest<{ params: { index: string } }>, ctx: PluginContext): unknown {
    return returned(req.params.index, ctx)
  }

  @Get('/coded/:index', { response: io.any })
  coded(req: HttpRequest<{ params: { index: string } }>, ctx: PluginContext): unknown {
    return returned(req.params.index, ctx)
  }
}
