import test from 'ava'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { t as codec } from '../../lib/fp.js'
import {
  Get,
  type HttpRequest,
  Kv,
  type KvOperation,
  Plugin,
  type PluginContext,
  Post,
} from '../../lib/index.js'
import { testPlugin } from '../../lib/testing/index.js'
import { frame } from '../support/bytes.js'
import { connectHost } from '../support/host.js'
import { http, responseIn, STAMP } from '../support/messages.js'
import { until } from '../support/processes.js'
import { sharedPlugin } from '../support/shared-plugin.js'

// JSON texts from outside: what comes of each in a body, in a stored value, in a value for `@Kv`
// and in a message on the wire.

/** The text is read as this value, or refused at a place for a reason. */
type Outcome =
  | { readonly reads: unknown }
  | {
      readonly place: string
      readonly expected: string
      readonly got: string
      readonly why: RegExp
    }

const reads = (value: unknown): Outcome => ({ reads: value })
const forbidden = (place: string, key = '__proto__'): Outcome => ({
  place,
  expected: `no key "${key}"`,
  got: 'one',
  why: new RegExp(`it has the key "${key}" at (?:extra\\.)?${place.replaceAll('.', '\\.')}, which`),
})
const infinite = (place: string): Outcome => ({
  place,
  expected: 'a number up to 1.7976931348623157e+308',
  got: 'a larger one',
  why: new RegExp(`the number at (?:extra\\.)?${place} is beyond 1\\.797`),
})
const notJson = (got = 'text that is not JSON'): Outcome => ({
  place: '',
  expected: 'JSON',
  got,
  why: /(is|it is) not JSON/,
})

const CASES: ReadonlyArray<readonly [source: string, text: string, outcome: Outcome]> = [
  // Prototypes.
  [
    'https://github.com/fastify/fastify/pull/1427',
    '{"a":1,"__proto__":{"x":7}}',
    forbidden('__proto__'),
  ],
  [
    'https://github.com/expressjs/body-parser/issues/347',
    '{"user":{"__proto__":{"admin":true}}}',
    forbidden('user.__proto__'),
  ],
  [
    'https://github.com/cojs/co-body/pull/87',
    '[{"a":{"__proto__":null}}]',
    forbidden('0.a.__proto__'),
  ],
  ['https://github.com/hapijs/subtext/issues/67', '{"__proto__" : []}', forbidden('__proto__')],
  ['https://github.com/vercel/micro/issues/388', '{"__proto__":"text"}', forbidden('__proto__')],
  [
    'https://github.com/vercel/ai/pull/13079',
    '{"\\u005f\\u005fproto__":{"x":7}}',
    forbidden('__proto__'),
  ],
  [
    'https://github.com/vercube/vercube/pull/1139',
    '{"\\u005f\\u005fproto\\u005f\\u005f":{"admin":true}}',
    forbidden('__proto__'),
  ],
  ['https://github.com/hapijs/bourne#api', '{"__pr\\u006Fto__"\n\t:1}', forbidden('__proto__')],
  [
    'https://github.com/fastify/secure-json-parse/pull/4',
    '{"a":5,"constructor":{"prototype":{"bar":"baz"}}}',
    forbidden('constructor.prototype', 'constructor.prototype'),
  ],
  [
    'https://github.com/elastic/kibana/issues/49608',
    '{"\\u0063onstructor":{"prototyp\\u0065":1}}',
    forbidden('constructor.prototype', 'constructor.prototype'),
  ],
  [
    'https://github.com/fastify/secure-json-parse/pull/25',
    '{"constructor":{"foo":"bar"}}',
    reads({ constructor: { foo: 'bar' } }),
  ],
  [
    'https://github.com/fastify/secure-json-parse#parsetext-reviver-options',
    '{"a":"\\"__proto__\\": 1","b":"{\\"__proto__\\":{}}"}',
    reads({ a: '"__proto__": 1', b: '{"__proto__":{}}' }),
  ],
  [
    'https://github.com/fastify/secure-json-parse#parsetext-reviver-options',
    '{"__proto":1,"proto__":2,"prototype":3,"__PROTO__":4}',
    reads({ __proto: 1, proto__: 2, prototype: 3, __PROTO__: 4 }),
  ],
  [
    'https://github.com/ljharb/qs/issues/200',
    '{"toString":"x","hasOwnProperty":1}',
    reads({ toString: 'x', hasOwnProperty: 1 }),
  ],
  // Byte order marks, and texts that are not UTF-8.
  ['https://github.com/typicode/json-server/pull/1666', '\ufeff{"a":1}', reads({ a: 1 })],
  [
    'https://github.com/element-hq/element-web/pull/34504',
    '{"a":"\ufeffb"}',
    reads({ a: '\ufeffb' }),
  ],
  ['https://github.com/samchon/ttsc/pull/224', ' \ufeff{"a":1}', notJson()],
  [
    'https://github.com/palantir/tslint/issues/90',
    '{\0"\0a\0"\0:\x001\0}\0',
    notJson('text in UTF-16'),
  ],
  [
    'https://github.com/angular/angular-cli/issues/3970',
    '\0{\0"\0a\0"\0:\x001\0}',
    notJson('text in UTF-16'),
  ],
  // Numbers.
  ['https://github.com/tdegrunt/jsonschema/issues/53', `{"a":${'9'.repeat(400)}}`, infinite('a')],
  ['https://github.com/ManabiIO/manabitan/pull/103', '{"a":[1e309]}', infinite('a.0')],
  ['https://github.com/json-editor/json-editor/issues/1006', '{"a":-1E+1000}', infinite('a')],
  ['https://github.com/hapijs/joi/issues/494', '{"a":Infinity}', notJson()],
  [
    'https://github.com/usebruno/bruno/issues/9230',
    '{"id":9007199254740993,"text":"9007199254740993"}',
    reads({ id: 9_007_199_254_740_992, text: '9007199254740993' }),
  ],
  [
    'https://github.com/lmenezes/cerebro/issues/228',
    '{"a":1e-400,"b":-0,"c":1.7976931348623157e308}',
    reads({ a: 0, b: -0, c: Number.MAX_VALUE }),
  ],
  // Keys, strings and depth.
  [
    'https://github.com/nst/JSONTestSuite (y_object_duplicated_key)',
    '{"role":"reader","role":"writer"}',
    reads({ role: 'writer' }),
  ],
  [
    'https://github.com/nst/JSONTestSuite (y_string_null_escape)',
    '{"a\\u0000b":"\\u0000"}',
    reads({ 'a\0b': '\0' }),
  ],
  ['https://github.com/nst/JSONTestSuite (n_string_unescaped_ctrl_char)', '{"a":"\0"}', notJson()],
  [
    'https://github.com/vercel-labs/agent-browser/pull/720',
    '{"a":"\\ud800"}',
    reads({ a: '\ud800' }),
  ],
  [
    'https://github.com/nestjs/nest/pull/17801',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    { place: 'too deep', expected: '', got: '', why: /it is nested more than 64 deep/ },
  ],
  [
    'https://github.com/antirez/ds4/issues/43',
    `{"x":${'['.repeat(10_000)}0${']'.repeat(10_000)}}`,
    { place: 'too deep', expected: '', got: '', why: /it is nested more than 64 deep/ },
  ],
]

const Value = codec.union([codec.UnknownRecord, codec.UnknownArray])
/** A codec that changes its value, so that io-ts copies the object that it is in. */
const Person = codec.exact(
  codec.type({ name: NumberFromString, role: codec.keyof({ reader: null }) }),
)

@Plugin({ id: 'texts', name: 'Texts', version: '1.0.0', icon: '📄', route: '/texts' })
class Texts {
  #set: unknown

  @Post('/', { body: Value })
  body(req: HttpRequest<{ body: unknown }>) {
    return { read: req.body }
  }

  @Post('/person', { body: Person, query: Person })
  person(req: HttpRequest<{ body: codec.TypeOf<typeof Person> }>) {
    return { role: req.body.role }
  }

  @Post('/query', { query: Person })
  query(req: HttpRequest<{ query: codec.TypeOf<typeof Person> }>) {
    return { role: req.query.role }
  }

  @Get('/cell')
  cell(_req: HttpRequest, ctx: PluginContext) {
    return ctx.kv.cell('cell', Value).get
  }

  @Kv('value', Value)
  value(operation: KvOperation<unknown>) {
    if (operation.action === 'set') this.#set = operation.value
    return operation.action === 'get' ? { read: this.#set } : undefined
  }
}

const workshop = sharedPlugin('workshop')

for (const [source, text, outcome] of CASES) {
  const shown = JSON.stringify(text).slice(0, 60)

  test(`${shown} in a body, in the store and in a KV message (${source})`, async t => {
    const plugin = testPlugin(new Texts())
    await plugin.store.set('cell', text)()
    const body = await plugin.post('/', text)
    const cell = await plugin.get('/cell')
    const value = await plugin.kv.set('value', text).then(
      () => undefined,
      (error: Error) => error.message,
    )
    t.deepEqual(await plugin.stored(), { cell: text })
    t.deepEqual(Object.getOwnPropertyNames(Object.prototype).length, PROPERTIES)
    if ('reads' in outcome) {
      const answer = JSON.parse(JSON.stringify({ read: outcome.reads }))
      t.deepEqual([body.status, body.json], [200, answer])
      t.deepEqual([cell.status, cell.json], [200, { _tag: 'Some', value: answer.read }])
      t.is(value, undefined)
      t.deepEqual(JSON.parse((await plugin.kv.get('value')) ?? ''), answer)
      return
    }
    const { place, expected, got, why } = outcome
    if (place === 'too deep') {
      t.is(body.status, 413)
      t.regex(String(body.body), why)
    } else {
      const path = place === '' ? 'body' : `body.${place}`
      t.deepEqual(
        [body.status, body.json],
        [
          400,
          {
            error: 'InvalidRequest',
            message: `${path}: expected ${expected}, got ${got}`,
            details: [{ path, expected, got }],
          },
        ],
      )
    }
    t.deepEqual([cell.status, cell.error?._tag], [500, 'Serialization'])
    t.regex(cell.error?.message ?? '', why)
    t.regex(value ?? '', place === '' ? /expected/ : why)
    t.true(
      plugin.log.some(
        ({ level, message }) => level === 'warn' && /^KV set value answered null/.test(message),
      ),
    )
  })

  test(`${shown} in a message (${source})`, async t => {
    const { path, entries } = workshop()
    const before = entries().length
    const host = await connectHost(path)
    const whole = `{"type":"http","timestamp":"${STAMP}","request_id":"1","extra":${text},"payload":{"method":"GET","path":"/","headers":{},"body":null}}`
    host.raw(frame(Buffer.from(whole)))
    // A message may have no mark. It may have a header `__proto__`, whose value is a text, and any
    // number, for nothing reads it.
    const isRead =
      'reads' in outcome
        ? !text.startsWith('\ufeff')
        : /"__proto__":"/.test(text) || outcome.got === 'a larger one'
    if (isRead) {
      t.like(responseIn(await host.answer()), { status: 200, body: '{"status":"ok"}' })
      return host.destroy()
    }
    // A faulty message closes its connection, and no other one.
    t.deepEqual(await host.rest(), [])
    const reason = 'reads' in outcome ? /is not JSON/ : outcome.why
    await until(() =>
      entries()
        .slice(before)
        .some(({ message }) => reason.test(String(message))),
    )
    const next = await connectHost(path)
    next.send(http('documented', '2'))
    t.like(responseIn(await next.answer()), { status: 200 })
    next.destroy()
  })
}

const PROPERTIES = Object.getOwnPropertyNames(Object.prototype).length

test('a prototype in a body, a form or a query gives no role (https://hueniverse.com/a-tale-of-prototype-poisoning-2610fa170061)', async t => {
  const plugin = testPlugin(new Texts())
  const person = '{"name":" 1 ","__proto__":{"role":"reader"}}'
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const lists = 'name=1&__proto__=reader&__proto__=b'
  const answers = [
    await plugin.post('/person?name=1&role=reader', person),
    await plugin.post('/person?name=1&role=reader', lists, form),
    await plugin.post('/person?name=1&role=reader', 'name=1&%5F_proto__=reader', form),
    await plugin.post(`/query?${lists}`),
    await plugin.post('/query?name=1&__proto__[role]=reader'),
    await plugin.post('/query?name=1&constructor[prototype][role]=reader'),
  ]
  t.deepEqual(
    answers.map(({ status, json }) => [
      status,
      codec.type({ message: codec.string }).is(json) && json.message,
    ]),
    [
      [400, 'body.__proto__: expected no key "__proto__", got one'],
      [400, 'body.__proto__: expected no key "__proto__", got one'],
      [400, 'body.__proto__: expected no key "__proto__", got one'],
      [400, 'query.__proto__: expected no key "__proto__", got one'],
      [400, 'query.role: expected "reader", got nothing'],
      [400, 'query.role: expected "reader", got nothing'],
    ],
  )
})

test('headers and parameters may have any name and value, and pollute nothing (https://github.com/component/querystring/issues/17)', async t => {
  const { path } = workshop()
  const host = await connectHost(path)
  host.send(
    http('tagged', '1', {
      method: 'POST',
      path: '/reflect?constructor=a&toString=b&__proto__=c',
      headers: { ['__proto__']: 'p', constructor: 'c', prototype: 'x' },
      body: null,
    }),
  )
  const answer = responseIn(await host.answer())
  host.destroy()
  const { headers, query } = JSON.parse(String((answer as { body: string }).body))
  t.deepEqual(Object.entries(headers), [
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ['prototype', 'x'],
  ])
  t.deepEqual(Object.entries(query), [
    ['constructor', 'a'],
    ['toString', 'b'],
    ['__proto__', 'c'],
  ])
})
