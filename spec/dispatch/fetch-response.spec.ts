import { setImmediate as turn } from 'node:timers/promises'
import test from 'ava'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { Get, Plugin, Use } from '../../decorators/index.js'
import { isFetchResponse } from '../../lib/dispatch/fetch-response.js'
import { MAX_FRAME_BYTES } from '../../lib/domain/host.js'
import type { HttpAnswer } from '../../lib/domain/message.js'
import { jsonAnswer, METADATA, peer, running } from './harness.js'

/** A plugin whose one handler gives this. */
const answering = (returns: () => unknown) => {
  @Plugin({ ...METADATA })
  class Notes {
    @Get('/')
    // biome-ignore lint/suspicious/noExplicitAny: what a handler gives whose types were not looked at.
    one(): any {
      return returns()
    }
  }
  return running(new Notes())
}

const answered = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | null,
): HttpAnswer => ({ _tag: 'HttpAnswer', status, headers, body })

test('a Response is sent with its status, its headers and its text, in whatever form it is returned', async t => {
  const made = () =>
    new Response('größe', {
      status: 418,
      headers: { 'X-A': '1', 'Set-Cookie': 'a=b', 'Content-Type': 'text/plain' },
    })
  const sent = answered(
    418,
    { 'content-type': 'text/plain', 'set-cookie': 'a=b', 'x-a': '1' },
    'größe',
  )
  for (const returns of [made, async () => made(), () => TE.right(made())]) {
    const plugin = answering(returns)
    t.deepEqual(await plugin.ask(), sent)
    t.deepEqual(plugin.log.entries, [])
  }
  t.deepEqual(
    await answering(() => new Response(null, { status: 204 })).ask(),
    answered(204, {}, null),
  )
  t.deepEqual(await answering(made).ask({ method: 'HEAD' }), answered(418, sent.headers, null))
})

test('headers about the connection and about bytes that were decoded are left out', async t => {
  const headers = {
    connection: 'keep-alive, X-Hop',
    'content-encoding': 'gzip',
    'content-length': '999',
    'keep-alive': 'timeout=5',
    'proxy-connection': 'keep-alive',
    te: 'trailers',
    trailer: 'x',
    'transfer-encoding': 'chunked',
    upgrade: 'h2c',
    'x-hop': '1',
    etag: '"a"',
  }
  t.deepEqual(
    await answering(() => new Response(new Uint8Array(), { headers })).ask(),
    answered(200, { etag: '"a"' }, ''),
  )
})

/** A body that counts how often it was asked for more, and whether it was cancelled. */
const endless = (chunk: unknown) => {
  const seen = { pulls: 0, cancelled: 0 }
  const body = new ReadableStream({
    pull: controller => {
      seen.pulls++
      controller.enqueue(chunk)
    },
    cancel: () => void seen.cancelled++,
  })
  return { seen, body }
}

const read = async (): Promise<Response> => {
  const response = new Response('a')
  await response.text()
  return response
}

const broken = new Error('the line is cut')

test('a Response that cannot be sent is a 500 that says why, and its body is cancelled', async t => {
  const twoCookies = new Headers([
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ])
  const [large, texts, cookies] = [new Uint8Array(2 ** 20), 'text', new Uint8Array(1)].map(endless)
  const failing = new ReadableStream({ start: controller => controller.error(broken) })
  const locked = new Response('a')
  locked.body?.getReader()
  const cases: ReadonlyArray<readonly [() => unknown, tag: string, message: string]> = [
    [read, 'Serialization', 'the body of the Response was read already: return a clone()'],
    [() => locked, 'Serialization', 'the body of the Response was read already: return a clone()'],
    [
      () => new Response(new Uint8Array([0xff])),
      'Serialization',
      'a body must be text: these bytes are not UTF-8, and the protocol carries nothing else (base64 would do)',
    ],
    [
      () => new Response(large?.body),
      'Serialization',
      `the body of the Response is longer than ${MAX_FRAME_BYTES} bytes, which is the most that a message holds`,
    ],
    [
      () => new Response(texts?.body),
      'Serialization',
      'the body of the Response is a stream of something else than bytes',
    ],
    [
      () => new Response(cookies?.body, { headers: twoCookies }),
      'Serialization',
      'the Response has 2 set-cookie headers, and an answer can have one header of a name',
    ],
    [() => new Response(failing), 'Io', 'the body of the Response cannot be read: the line is cut'],
  ]
  for (const [returns, error, message] of cases) {
    const plugin = answering(returns)
    t.deepEqual(await plugin.ask(), jsonAnswer(500, { error, message }))
    t.is(plugin.log.entries[0]?.[1], `GET / answered 500: ${message}`)
  }
  await turn()
  t.deepEqual(
    [large, texts, cookies].map(stream => stream?.seen.cancelled),
    [1, 1, 1],
  )
  t.true((large?.seen.pulls ?? 0) <= 18)
  t.like(await answering(() => Response.error()).ask(), { status: 500 })
})

test('the time to read the body counts, and the end of the request cancels it', async t => {
  const waiting = () => {
    const seen = { cancelled: 0 }
    return {
      seen,
      body: new ReadableStream({ cancel: () => void seen.cancelled++ }),
    }
  }
  const [late, left] = [waiting(), waiting()]
  const slow = answering(() => new Response(late.body))
  const timedOut = slow.ask()
  slow.clock.advance(10_000)
  t.like(await timedOut, { status: 504 })

  const client = peer()
  const plugin = answering(() => new Response(left.body))
  const answer = plugin.ask({}, client)
  client.leave()
  t.like(await answer, { status: 504 })
  t.deepEqual([late.seen, left.seen], [{ cancelled: 1 }, { cancelled: 1 }])
})

test('a middleware sees the text of a Response, and may answer with one', async t => {
  const seen: unknown[] = []
  @Use(next => async (req, ctx) => {
    const result = await next(req, ctx)
    if (result._tag === 'Right') seen.push(result.right.body)
    return new Response('its own', { status: 202 })
  })
  @Plugin({ ...METADATA })
  class Notes {
    @Get('/')
    one() {
      return new Response('a')
    }
  }
  t.like(await running(new Notes()).ask(), { status: 202, body: 'its own' })
  t.deepEqual(seen, ['a'])
})

test('what only looks like a Response is none', t => {
  t.deepEqual(
    [
      new Response('a'),
      new Request('http://a'),
      { status: 200, headers: {}, body: null },
      { [Symbol.toStringTag]: 'Response', body: 'text' },
      Object.create({ [Symbol.toStringTag]: 'Response', body: 'text' }),
      null,
      'Response',
    ].map(isFetchResponse),
    [true, false, false, false, false, false, false],
  )
})
