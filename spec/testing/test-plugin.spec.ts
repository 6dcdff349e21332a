import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import {
  conflict,
  Every,
  Get,
  type HttpRequest,
  internalError,
  Kv,
  type KvOperation,
  memoryKv,
  OnInit,
  OnShutdown,
  Plugin,
  type PluginContext,
  PluginDefinitionError,
  Post,
  requestLogging,
  secret,
  sqliteKv,
  text,
  Use,
} from '../../lib/index.js'
import { connectClient } from '../../lib/protocol.js'
import { jsonAs, TestFailure, testClock, testPlugin } from '../../lib/testing/index.js'
import { folder } from '../support/plugin-process.js'

const METADATA = { id: 'shop', name: 'Shop', version: '1.0.0', icon: '🛒', route: '/shop' } as const
const Item = t.type({ name: t.string, price: t.number })
const Items = t.array(Item)
const Theme = t.keyof({ dark: null, light: null })
const Config = t.type({ SHOP_TOKEN: secret(t.string), SHOP_CURRENCY: t.string })

/** Opens when a test says so. */
const gate = () => {
  let open = (): void => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}

@Plugin(METADATA, { httpTimeout: 4_000 })
class Shop {
  readonly calls: string[] = []
  readonly gate = gate()

  @OnInit
  ready(ctx: PluginContext) {
    this.calls.push('init')
    return ctx.kv.set('open', 'true')
  }

  @Get('/items/:name')
  read(req: HttpRequest<{ params: { name: string } }>, ctx: PluginContext) {
    return TE.chain(TE.fromOption(() => conflict(`there is no ${req.params.name}`)))(
      ctx.kv.cell(`item/${req.params.name}`, Item).get,
    )
  }

  @Post('/items', { body: Item })
  add(req: HttpRequest<{ body: t.TypeOf<typeof Item> }>, ctx: PluginContext) {
    return TE.map(() => req.body)(ctx.kv.cell(`item/${req.body.name}`, Item).set(req.body))
  }

  @Get('/echo/*')
  echo(req: HttpRequest) {
    return { path: req.params['*'], url: req.url, query: req.query, headers: req.headers }
  }

  @Post('/text')
  posted(req: HttpRequest) {
    return text(`${req.headers['content-type']} ${req.body}`)
  }

  @Get('/broken')
  broken() {
    return E.left(internalError('the safe is empty', new Error('nobody paid')))
  }

  @Get('/waits')
  async waits(req: HttpRequest) {
    req.signal.addEventListener('abort', () => {
      this.calls.push('aborted')
      this.gate.open()
    })
    await this.gate.opened
    return 'done'
  }

  @Kv('theme', Theme)
  theme(op: KvOperation<'dark' | 'light'>, ctx: PluginContext) {
    const cell = ctx.kv.cell('theme', Theme)
    return op.action === 'set' ? cell.set(op.value) : cell.get
  }

  @Every('5 m')
  async restock(ctx: PluginContext) {
    await new Promise(resolve => setTimeout(resolve, 5))
    this.calls.push('restocked')
    await ctx.kv.update('restocked', n => O.some(String(Number(O.getOrElse(() => '0')(n)) + 1)))()
  }

  @OnShutdown
  bye(ctx: PluginContext) {
    this.calls.push('bye')
    ctx.log.info('closed')
  }
}

for (const socket of [false, true]) {
  const where = socket ? 'over a socket' : 'in memory'

  test(`requests are answered ${where}, with what @OnInit has done before`, async t => {
    const plugin = testPlugin(new Shop(), { socket })
    t.teardown(plugin.close)
    t.deepEqual(await plugin.post('/items', { name: 'milk', price: 2 }), {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"name":"milk","price":2}',
      json: { name: 'milk', price: 2 },
    })
    t.like(await plugin.get('/items/milk'), { status: 200, json: { name: 'milk', price: 2 } })
    t.deepEqual(await plugin.stored(), { 'item/milk': '{"name":"milk","price":2}', open: 'true' })
    t.deepEqual(await plugin.stored('item/'), { 'item/milk': '{"name":"milk","price":2}' })
    t.deepEqual(
      await plugin.store.cell('item/milk', Item).get(),
      E.right(O.some({ name: 'milk', price: 2 })),
    )
  })

  test(`a request that fails has its status and its whole error ${where}`, async t => {
    const plugin = testPlugin(new Shop(), { socket })
    t.teardown(plugin.close)
    const refused = await plugin.post('/items', { name: 'milk' })
    t.like(refused, { status: 400, error: { _tag: 'InvalidRequest', status: 400 } })
    t.is(refused.error?.message, 'body.price: expected number, got nothing')
    const broken = await plugin.get('/broken')
    t.is(broken.status, 500)
    t.deepEqual(broken.json, {
      error: 'Internal',
      message: 'the plugin failed to answer; its log has the reason',
    })
    t.deepEqual(broken.error, internalError('the safe is empty', new Error('nobody paid')))
    t.like(await plugin.get('/nothing'), {
      status: 404,
      error: { message: 'there is no route GET /nothing' },
    })
    const entry = plugin.log.find(
      ({ message }) => message === 'GET /broken answered 500: the safe is empty',
    )
    t.like(entry, { level: 'error', fields: { handler: 'Shop.broken' } })
    t.regex(entry?.error ?? '', /^Error: nobody paid\n {4}at /)
  })

  test(`KV messages reach the handlers and the store ${where}, and a failure is an error`, async t => {
    const plugin = testPlugin(new Shop(), { socket })
    t.teardown(plugin.close)
    t.is(await plugin.kv.get('theme'), null)
    await plugin.kv.set('theme', 'dark')
    t.is(await plugin.kv.get('theme'), 'dark')
    const refused = await t.throwsAsync(plugin.kv.set('theme', 'purple'), {
      instanceOf: TestFailure,
    })
    t.like(refused?.error, { _tag: 'InvalidRequest', status: 400 })
    t.regex(refused?.message ?? '', /^KV set theme: InvalidRequest: .*got "purple"/)
    await plugin.kv.set('other', 'kept')
    t.is((await plugin.stored()).other, 'kept')
    await plugin.kv.delete('other')
    t.is(await plugin.kv.get('other'), null)
  })

  test(`the deadline of a request comes when the test lets it ${where}`, async t => {
    const shop = new Shop()
    const plugin = testPlugin(shop, { socket })
    t.teardown(plugin.close)
    const answer = plugin.get('/waits')
    await plugin.clock.advance(3_999)
    t.deepEqual(shop.calls, ['init'])
    await plugin.clock.advance('1 ms')
    t.like(await answer, {
      status: 504,
      error: { _tag: 'Timeout', message: 'no answer within 4000 ms' },
    })
    t.deepEqual(shop.calls, ['init', 'aborted'])
  })

  test(`a client that leaves aborts its request ${where}`, async t => {
    const shop = new Shop()
    const plugin = testPlugin(shop, { socket })
    t.teardown(plugin.close)
    await plugin.init()
    const leaving = new AbortController()
    const answer = plugin.get('/waits', { signal: leaving.signal })
    // Moving the clock waits until the request has arrived.
    await plugin.clock.advance('1 ms')
    leaving.abort()
    const failed = await t.throwsAsync(answer, { instanceOf: TestFailure })
    t.like(failed?.error, { _tag: 'Socket' })
    await shop.gate.opened
    t.deepEqual(shop.calls, ['init', 'aborted'])
  })

  test(`the end finishes what runs, then @OnShutdown ${where}`, async t => {
    const shop = new Shop()
    const plugin = testPlugin(shop, { socket })
    const answer = plugin.get('/waits')
    await plugin.clock.advance('1 ms')
    const ended = plugin.shutdown().then(() => shop.calls.push('ended'))
    shop.gate.open()
    t.like(await answer, { status: 200, json: 'done' })
    await ended
    await plugin.close()
    t.deepEqual(shop.calls, ['init', 'bye', 'ended'])
    t.deepEqual(
      plugin.log.map(({ message }) => message),
      ['stopping: the host sent shutdown', 'closed'],
    )
    const late = await t.throwsAsync(plugin.get('/items/milk'), { instanceOf: TestFailure })
    t.like(late?.error, { _tag: 'Socket', message: 'the plugin is closed' })
  })
}

for (const dialect of ['documented', 'nested', 'tagged'] as const) {
  test(`a path arrives as a browser wrote it, in the dialect ${dialect}`, async t => {
    const plugin = testPlugin(new Shop(), { dialect })
    t.teardown(plugin.close)
    const { json } = await plugin.get('/echo/a%20b/Zo%C3%AB?x=%26&x=2', {
      headers: { 'X-Key': 'k', Cookie: 'session_id=1' },
    })
    t.like(json, { path: 'a b/Zoë', query: { x: ['&', '2'] }, headers: { 'x-key': 'k' } })
    t.deepEqual(Object.keys((json as { headers: object }).headers), ['x-key'])
  })
}

test('a body is sent with the content type of its kind', async t => {
  const plugin = testPlugin(new Shop())
  t.teardown(plugin.close)
  const sent = async (body: unknown, headers = {}) =>
    (await plugin.post('/text', body, { headers })).body
  t.is(await sent('{"as": it is'), 'undefined {"as": it is')
  t.is(await sent({ a: 1 }), 'application/json {"a":1}')
  t.is(await sent({ a: 1 }, { 'Content-Type': 'application/x+json' }), 'application/x+json {"a":1}')
  t.is(await sent(new URLSearchParams({ a: 'ä' })), 'application/x-www-form-urlencoded a=%C3%A4')
  t.is(await sent(undefined), 'undefined null')
})

test('every HTTP method has its function', async t => {
  const plugin = testPlugin(new Shop())
  t.teardown(plugin.close)
  t.like(await plugin.head('/echo/x'), { status: 200, body: null, json: undefined })
  t.like(await plugin.options('/text'), { status: 204, headers: { allow: 'OPTIONS, POST' } })
  for (const send of [plugin.put, plugin.patch, plugin.delete])
    t.is((await send('/text')).status, 405)
  t.is((await plugin.request({ method: 'BREW', path: '/text' })).status, 405)
})

test('the answer as a codec has it, or a failure with the whole answer', async t => {
  const plugin = testPlugin(new Shop())
  t.teardown(plugin.close)
  const item = await plugin.post('/items', { name: 'milk', price: 2 }).then(jsonAs(Item))
  t.is(item.price, 2)
  const failed = await t.throwsAsync(plugin.get('/items/bread').then(jsonAs(Item)), {
    instanceOf: TestFailure,
  })
  t.regex(
    failed?.message ?? '',
    /^the answer 409 \{"error":"InvalidRequest","message":"there is no bread"\}: Serialization: name: expected string/,
  )
})

test('@Every runs as the clock is moved, and moving waits for the runs', async t => {
  const shop = new Shop()
  const plugin = testPlugin(shop)
  t.teardown(plugin.close)
  await plugin.clock.advance('4 m')
  t.deepEqual(shop.calls, ['init'])
  await plugin.clock.advance('1 m')
  t.deepEqual(shop.calls, ['init', 'restocked'])
  t.is(plugin.clock.now(), 300_000)
  await plugin.clock.advance('16 m')
  t.is((await plugin.stored()).restocked, '4')
  await plugin.close()
  await plugin.clock.advance('1 h')
  t.is(shop.calls.filter(call => call === 'restocked').length, 4)
})

test('a request log tells the time that the test lets pass', async t => {
  const waiting = gate()
  @Plugin(METADATA)
  @Use(requestLogging())
  class Slow {
    @Get('/')
    async wait(_req: HttpRequest, { clock }: PluginContext) {
      const begun = clock.now()
      await waiting.opened
      return clock.now() - begun
    }
  }
  const plugin = testPlugin(new Slow())
  t.teardown(plugin.close)
  const answer = plugin.get('/')
  await plugin.clock.advance('3 s')
  waiting.open()
  t.is((await answer).json, 3_000)
  t.like(plugin.log, [{ message: 'GET / 200 in 3000 ms', fields: { ms: 3_000 } }])
})

test('the clock does not move for what is not a duration', async t => {
  const clock = testClock(1_000)
  for (const wrong of [0, -1, Number.NaN])
    await t.throwsAsync(clock.advance(wrong), { message: /expected a duration of 1 ms to 24 days/ })
  t.is(clock.now(), 1_000)
})

test('two plugins and a test share a clock, and moves follow one another', async t => {
  const clock = testClock()
  const order: number[] = []
  clock.after(600_000, () => order.push(clock.now()))
  const [first, second] = [new Shop(), new Shop()]
  const plugins = [testPlugin(first, { clock }), testPlugin(second, { clock })]
  t.teardown(() => Promise.all(plugins.map(plugin => plugin.close())))
  await Promise.all([clock.advance('5 m'), clock.advance('5 m')])
  t.deepEqual(order, [600_000])
  t.deepEqual(
    [first.calls, second.calls],
    [
      ['init', 'restocked', 'restocked'],
      ['init', 'restocked', 'restocked'],
    ],
  )
})

test('init tells the instance, and rejects with what @OnInit failed with', async t => {
  let broken = true
  @Plugin(METADATA)
  class Starting {
    @OnInit
    ready() {
      return broken ? TE.left(conflict('two of us')) : TE.right(undefined)
    }
    @Get('/')
    who(_req: HttpRequest, ctx: PluginContext) {
      return O.toNullable(ctx.instanceId)
    }
  }
  const plugin = testPlugin(new Starting(), { instanceId: 'i-1' })
  t.teardown(plugin.close)
  const failed = await t.throwsAsync(plugin.init(), { instanceOf: TestFailure })
  t.deepEqual(failed?.error, conflict('two of us'))
  t.like(await plugin.get('/'), { status: 503, error: { _tag: 'NotInitialized' } })
  broken = false
  await plugin.init()
  t.is((await plugin.get('/')).json, 'i-1')
  await plugin.init('i-2')
  t.is((await plugin.get('/')).json, 'i-2')
})

@Plugin(METADATA, { config: Config })
class Configured {
  @Get('/')
  currency(_req: HttpRequest, ctx: PluginContext<t.TypeOf<typeof Config>>) {
    ctx.log.warn(`the token is ${ctx.config.SHOP_TOKEN}`)
    return ctx.config.SHOP_CURRENCY
  }
}

test('the configuration comes from the options alone, and its secrets stay out of the log', async t => {
  const plugin = testPlugin(new Configured(), {
    config: { SHOP_TOKEN: 12_345, SHOP_CURRENCY: 'EUR' },
    env: { SHOP_CURRENCY: 'CHF' },
  })
  t.teardown(plugin.close)
  t.is((await plugin.get('/')).json, 'CHF')
  t.deepEqual(plugin.log, [{ level: 'warn', message: 'the token is [secret]', fields: {} }])
  t.throws(() => testPlugin(new Configured(), { config: { SHOP_TOKEN: 'secret' } }), {
    message: /SHOP_CURRENCY: expected string, got nothing/,
  })
})

test('a class that cannot be a plugin is refused as registerPlugin does it', t => {
  class Nothing {}
  t.throws(() => testPlugin(new Nothing()), {
    instanceOf: PluginDefinitionError,
    message: /Nothing: it has no @Plugin/,
  })
})

test('the store is the one that the test gives, and is closed', async t => {
  const shared = memoryKv()
  await shared.set('theme', '"dark"')()
  const plugin = testPlugin(new Shop(), { kv: shared })
  t.is(await plugin.kv.get('theme'), 'dark')
  await plugin.close()
  const file = sqliteKv({ file: `${folder()}/kv.sqlite` })
  const first = testPlugin(new Shop(), { kv: file })
  await first.kv.set('other', '1')
  await first.close()
  const second = testPlugin(new Shop(), { kv: file })
  t.teardown(second.close)
  t.is(await second.kv.get('other'), '1')
})

test('a client of the test may use the socket, which is gone afterwards', async t => {
  const plugin = testPlugin(new Shop(), { socket: true })
  const path = await plugin.socketPath()
  const client = await connectClient(path)()
  if (E.isLeft(client)) return t.fail(client.left.message)
  t.deepEqual(await client.right.kv.get('open')(), E.right(O.some('true')))
  await client.right.close()
  await plugin.close()
  t.like(await connectClient(path)(), { _tag: 'Left', left: { _tag: 'Socket' } })
  await t.throwsAsync(testPlugin(new Shop()).socketPath(), { message: /this plugin has no socket/ })
})

test('await using closes it', async t => {
  const shop = new Shop()
  {
    await using plugin = testPlugin(shop)
    await plugin.init()
  }
  t.deepEqual(shop.calls, ['init', 'bye'])
})

test('an answer that does not fit its codec is an error that says where', async t => {
  @Plugin(METADATA)
  class Shop {
    @Get('/items', { response: Items })
    items() {
      return JSON.parse('[{"name":"tea","price":"5"}]')
    }
  }
  const { status, error } = await testPlugin(new Shop()).get('/items')
  t.is(status, 500)
  t.is(
    error?.message,
    'the answer does not fit its codec: answer.0.price: expected number, got "5"',
  )
})

test('the store of a test may hold what an older version has stored', async is => {
  const Visits = t.type({ count: t.number })
  @Plugin({ id: 'visits', name: 'Visits', version: '2.0.0', icon: '🐾', route: '/visits' })
  class Visited {
    @Get('/')
    visits(_req: HttpRequest, ctx: PluginContext) {
      return ctx.kv.cell('visits', Visits, { before: [[t.number, count => ({ count })]] }).get
    }
  }
  for (const kv of [undefined, memoryKv()]) {
    const plugin = testPlugin(new Visited(), { stored: { visits: '5' }, ...(kv && { kv }) })
    is.deepEqual((await plugin.get('/')).json, { _tag: 'Some', value: { count: 5 } })
    is.deepEqual(await plugin.stored(), { 'toru.older:visits': '5', visits: '{"count":5}' })
    is.deepEqual(
      plugin.log.map(({ message }) => message),
      [
        'the value stored under "visits" was of an older version, number, and was carried over to that of 2.0.0, { count: number }; what was stored is kept under "toru.older:visits"',
      ],
    )
  }
  const late = testPlugin(new Visited(), { stored: { ['x'.repeat(2_000)]: '5' } })
  is.like(await late.get('/'), { status: 413 })
})
