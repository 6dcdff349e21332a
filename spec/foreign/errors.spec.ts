import test, { type ExecutionContext } from 'ava'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { E } from '../../lib/fp.js'
import {
  Every,
  Get,
  Kv,
  type Middleware,
  OnInit,
  OnShutdown,
  Plugin,
  Use,
} from '../../lib/index.js'
import { testPlugin } from '../../lib/testing/index.js'
import { ask } from '../support/host.js'
import { http, responseIn } from '../support/messages.js'
import { sharedPlugin } from '../support/shared-plugin.js'
import { THROWN, type Thrown } from './thrown.js'

const METADATA = { id: 'errors', name: 'Errors', version: '1.0.0', icon: '🧨', route: '/errors' }

interface Entry {
  readonly level: string
  readonly message: string
  readonly error?: string
  readonly fields?: object
}

/** Whether an entry says what a thrown value holds, and nothing that it must not. */
const says = (
  t: ExecutionContext,
  { message, has, hides }: Thrown,
  entry: Entry | undefined,
  where: string,
): void => {
  t.is(entry?.level, 'error', where)
  t.true(entry?.message.includes(message), `${where}: ${entry?.message}`)
  t.deepEqual(
    has.filter(part => !(entry?.error ?? '').includes(part)),
    [],
    `${where}: ${entry?.error}`,
  )
  if (hides !== undefined) t.false(JSON.stringify(entry).includes(hides), where)
}

const INTERNAL = {
  error: 'Internal',
  message: 'the plugin failed to answer; its log has the reason',
}

for (const thrown of THROWN) {
  const { source, what, make } = thrown

  test(`${what}: in handlers, middleware, KV handlers, hooks and background work (${source})`, async t => {
    const fail = (): never => {
      throw make()
    }
    const failing: Middleware = () => () => E.left(make() as never)

    @Plugin(METADATA)
    class Errors {
      @OnShutdown
      end() {
        return Promise.reject(make())
      }

      @Every('1 m')
      work() {
        return TE.left(make() as never)
      }

      @Get('/throw')
      throws() {
        return fail()
      }

      @Get('/reject')
      async rejects() {
        return fail()
      }

      @Get('/left')
      left() {
        return E.left(make() as never)
      }

      @Get('/task')
      task() {
        return TE.left(make() as never)
      }

      @Use(failing)
      @Get('/middleware')
      guarded() {
        return 1
      }

      @Kv('key')
      key() {
        return fail()
      }
    }
    const plugin = testPlugin(new Errors())
    for (const path of ['/throw', '/reject', '/left', '/task', '/middleware']) {
      const { status, json } = await plugin.get(path)
      t.deepEqual([status, json], [500, INTERNAL], path)
      says(t, thrown, plugin.log.at(-1), path)
    }
    await t.throwsAsync(plugin.kv.get('key'))
    says(t, thrown, plugin.log.at(-1), '@Kv')
    await plugin.clock.advance('1 m')
    says(t, thrown, plugin.log.at(-1), '@Every')
    await plugin.shutdown()
    const shutdown = plugin.log.find(({ message }) => message.startsWith('@OnShutdown failed'))
    says(t, thrown, shutdown, '@OnShutdown')

    @Plugin(METADATA)
    class Unready {
      @OnInit
      start() {
        return fail()
      }
    }
    const unready = testPlugin(new Unready())
    await t.throwsAsync(unready.init())
    says(t, thrown, unready.log.at(-1), '@OnInit')
    await unready.close()
  })
}

const thrower = sharedPlugin('thrower')

for (const [index, thrown] of THROWN.entries()) {
  test.serial(`${thrown.what}: where nobody catches it (${thrown.source})`, async t => {
    const { path, entries } = thrower()
    for (const [how, words] of [
      ['rejection', 'unhandled rejection'],
      ['exception', 'uncaught exception'],
    ] as const) {
      const before = entries().length
      const { status } = responseIn(
        await ask(path, http('tagged', '1', { path: `/${how}/${index}` })),
      ) as { status: number }
      t.is(status, 204)
      let found: object | undefined
      while (found === undefined) {
        found = entries()
          .slice(before)
          .find(({ message }) => String(message).startsWith(words))
        if (found === undefined) await new Promise(resolve => setTimeout(resolve, 2))
      }
      const { level, ...entry } = found as Entry
      says(t, thrown, { ...entry, level: level.toLowerCase() }, how)
    }
  })
}

/** A class of errors as libraries for tagged errors make them. */
class Missing extends Error {
  readonly _tag = 'InvalidRequest'
  readonly status = 404
  readonly query = 'SELECT 1'
}

const cyclic: unknown[] = []
cyclic.push(cyclic)

/** What is returned on the left side, or thrown, and the answer. */
const BY_HAND: ReadonlyArray<
  readonly [source: string, left: unknown, status: number, error: string, message?: string]
> = [
  [
    'https://github.com/Effect-TS/effect/issues/1396',
    { _tag: 'InvalidRequest', message: 'no' },
    400,
    'InvalidRequest',
  ],
  [
    'https://github.com/fastify/fastify/issues/401',
    { _tag: 'InvalidRequest', message: 'no', status: 404 },
    404,
    'InvalidRequest',
  ],
  [
    'https://github.com/fastify/fastify/pull/601',
    { _tag: 'InvalidRequest', message: 'no', status: '404' },
    400,
    'InvalidRequest',
  ],
  [
    'https://github.com/fastify/fastify/pull/601',
    { _tag: 'InvalidRequest', message: 'no', status: 200 },
    400,
    'InvalidRequest',
  ],
  [
    'https://github.com/fastify/fastify-error/issues/35',
    { _tag: 'InvalidRequest', message: 'no', details: { username: 'INUSE' } },
    400,
    'InvalidRequest',
  ],
  [
    'https://github.com/purplefish-ai/factory-factory/pull/925',
    { _tag: 'InvalidRequest', message: 'no', details: cyclic },
    400,
    'InvalidRequest',
  ],
  [
    'https://github.com/h3js/h3/pull/1485',
    { _tag: 'InvalidRequest', message: 'no', status: 429, headers: { 'Retry-After': 5 } },
    429,
    'InvalidRequest',
  ],
  [
    'https://github.com/honojs/hono/issues/1111',
    { _tag: 'Timeout', message: 'slow' },
    504,
    'Timeout',
  ],
  [
    'https://github.com/fastify/fastify/issues/2246',
    { _tag: 'Io', message: 'disk', code: 'ENOSPC' },
    500,
    'Io',
  ],
  [
    'https://github.com/fastify/fastify/issues/2246',
    { _tag: 'NotInitialized', message: 'soon', retryAfter: 3 },
    503,
    'NotInitialized',
  ],
  [
    'https://github.com/msutkowski/ts-rest-hono/issues/32',
    new Missing('no such note'),
    404,
    'InvalidRequest',
  ],
  [
    'https://github.com/fullstack-build/tslog/issues/217',
    Object.freeze({ _tag: 'InvalidRequest', message: 'no' }),
    400,
    'InvalidRequest',
  ],
  [
    'https://github.com/fastify/fastify/issues/2932',
    { _tag: 'InvalidRequest' },
    500,
    'Internal',
    INTERNAL.message,
  ],
  [
    'https://github.com/fastify/fastify/issues/2932',
    { _tag: 'NotFound', message: 'no' },
    500,
    'Internal',
    INTERNAL.message,
  ],
  [
    'https://github.com/fastify/fastify/issues/2932',
    { _tag: 'Internal', message: 'secret' },
    500,
    'Internal',
    INTERNAL.message,
  ],
]

for (const [source, left, status, error, message] of BY_HAND) {
  test(`a left of ${JSON.stringify(left, (key, value) => (key === 'details' ? '…' : value))} (${source})`, async t => {
    @Plugin(METADATA)
    class Errors {
      @Get('/left')
      left() {
        return E.left(left as never)
      }

      @Get('/throw')
      throws(): string {
        throw left
      }
    }
    const plugin = testPlugin(new Errors())
    const text = (left as { message?: string }).message
    for (const path of ['/left', '/throw']) {
      const answer = await plugin.get(path)
      t.deepEqual([answer.status, answer.json], [status, { error, message: message ?? text }], path)
      const { retryAfter, headers } = left as { retryAfter?: number; headers?: object }
      const retry = retryAfter ?? Object.values(headers ?? {})[0]
      t.is(answer.headers['retry-after'], retry === undefined ? undefined : String(retry))
    }
    if (status >= 500 && left instanceof Object && 'code' in left)
      t.regex(plugin.log.at(-1)?.error ?? '', /^Io: disk\n {2}\{"code":"ENOSPC"\}$/)
  })
}
