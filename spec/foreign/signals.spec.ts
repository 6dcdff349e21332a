import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { Get, type HttpRequest, Plugin } from '../../lib/index.js'
import { testPlugin } from '../../lib/testing/index.js'

// What is given a request's signal fails as its documentation says: at the deadline, and when the
// client has left.

const silent = createServer(() => undefined)
test.before(async () => {
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
})
test.after.always(() => {
  silent.closeAllConnections()
  silent.close()
})
const url = (): string => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`

/**
 * What waits for a signal, and the names of the errors that it fails with: at a deadline, and after
 * a client that left. Some wrap the reason in an `AbortError`.
 */
const WAITS: ReadonlyArray<
  readonly [
    source: string,
    what: string,
    wait: (signal: AbortSignal) => Promise<unknown>,
    names: readonly [timeout: string, left: string],
  ]
> = [
  [
    'https://github.com/nodejs/undici/pull/1686',
    'fetch',
    signal => fetch(url(), { signal }),
    ['TimeoutError', 'AbortError'],
  ],
  [
    'https://github.com/nodejs/node/issues/49557',
    'fetch of a Request',
    signal => fetch(new Request(url(), { signal })),
    ['TimeoutError', 'AbortError'],
  ],
  [
    'https://github.com/nodejs/undici/issues/2590',
    'fetch with several signals',
    signal => fetch(url(), { signal: AbortSignal.any([signal, new AbortController().signal]) }),
    ['TimeoutError', 'AbortError'],
  ],
  [
    'https://github.com/nodejs/undici/issues/2242',
    'fetch after the end',
    async signal => {
      await once(signal, 'abort')
      return fetch(url(), { signal })
    },
    ['TimeoutError', 'AbortError'],
  ],
  [
    'https://github.com/honojs/node-server/issues/107',
    'throwIfAborted',
    async signal => {
      await once(signal, 'abort')
      signal.throwIfAborted()
    },
    ['TimeoutError', 'AbortError'],
  ],
  [
    'https://github.com/whatwg/dom/issues/1090',
    'a timer',
    signal => pause(60_000, undefined, { signal, ref: false }),
    ['AbortError', 'AbortError'],
  ],
  [
    'https://github.com/ardatan/whatwg-node/pull/1218',
    'a stream',
    signal => {
      const stream = new Readable({ read: () => undefined, signal })
      return finished(stream)
    },
    ['AbortError', 'AbortError'],
  ],
]

/** A plugin whose handler waits, and what its wait ended with. */
const waiting = (wait: (signal: AbortSignal) => Promise<unknown>) => {
  const ends: unknown[] = []
  let began: () => void = () => undefined
  const begun = new Promise<void>(resolve => {
    began = resolve
  })
  @Plugin(
    { id: 'signals', name: 'Signals', version: '1.0.0', icon: '🚦', route: '/signals' },
    { httpTimeout: 50 },
  )
  class Signals {
    @Get('/')
    async get(req: HttpRequest) {
      began()
      try {
        await wait(req.signal)
      } catch (error) {
        ends.push(error)
        throw error
      }
    }
  }
  return { plugin: testPlugin(new Signals()), begun, ends }
}

const nameOf = (error: unknown): unknown => (error instanceof Error ? error.name : error)

/** An error, or what it wraps, is the reason of the signal. */
const isOfPlatform = (error: unknown): boolean =>
  error instanceof DOMException || (error instanceof Error && error.cause instanceof DOMException)

for (const [source, what, wait, names] of WAITS) {
  test(`${what} at the deadline (${source})`, async t => {
    const { plugin, begun, ends } = waiting(wait)
    const answer = plugin.get('/')
    await begun
    await plugin.clock.advance(50)
    t.like(await answer, {
      status: 504,
      json: { error: 'Timeout', message: 'no answer within 50 ms' },
    })
    while (ends.length === 0) await pause(1)
    t.deepEqual([ends.map(nameOf), ends.every(isOfPlatform)], [[names[0]], true])
  })

  test(`${what} after its client has left (${source})`, async t => {
    const { plugin, begun, ends } = waiting(wait)
    const client = new AbortController()
    const answer = plugin.get('/', { signal: client.signal })
    await begun
    client.abort()
    await t.throwsAsync(answer)
    while (ends.length === 0) await pause(1)
    await pause(1)
    t.deepEqual([ends.map(nameOf), ends.every(isOfPlatform)], [[names[1]], true])
    // https://github.com/cedarjs/cedar/pull/2363: it is no failure of the plugin.
    t.deepEqual(
      plugin.log.map(({ level, message }) => [level, message.replace(/: .*/, '')]),
      [['info', 'GET / was given up']],
    )
  })
}
