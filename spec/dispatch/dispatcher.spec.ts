import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { Get, Kv, OnInit, Plugin, Use } from '../../decorators/index.js'
import { makeDispatcher } from '../../lib/dispatch/dispatcher.js'
import { makeLifecycle } from '../../lib/dispatch/lifecycle.js'
import { requestLogging } from '../../lib/dispatch/request-logging.js'
import type { PluginContext } from '../../lib/domain/context.js'
import { ioError } from '../../lib/domain/plugin-error.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { jsonAnswer, METADATA, peer, request, running } from './harness.js'

/** A plugin behind its dispatcher. */
const dispatching = () => {
  const told: unknown[] = []
  @Plugin(METADATA)
  class Notes {
    #instance: string | null = null
    @OnInit
    begin({ instanceId }: PluginContext) {
      this.#instance = O.toNullable(instanceId)
    }
    @Get('/')
    one() {
      return this.#instance
    }
    @Kv('theme')
    theme() {
      return 'dark'
    }
  }
  const { declaration, context, log, clock } = running(new Notes())
  const lifecycle = makeLifecycle({
    hooks: handlersOf(declaration, 'OnInit'),
    contextOf: instanceId => ({ ...context, instanceId }),
    log,
    clock,
  })
  const dispatcher = makeDispatcher({
    declaration,
    lifecycle,
    capabilities: { log, clock, ready: lifecycle.ready },
    checkAnswers: false,
    onInit: message => told.push(message),
    onShutdown: () => told.push('shutdown'),
  })
  return { dispatcher, told, log }
}

test('each kind of message goes to its program', t => {
  const { dispatcher, told, log } = dispatching()
  const init = { _tag: 'Init', instanceId: 'i1', pluginSocket: '/s', logPath: '/l' } as const
  t.is(dispatcher(init, peer()), null)
  t.deepEqual(dispatcher(request(), peer()), jsonAnswer(200, 'i1'))
  t.deepEqual(
    dispatcher(
      { _tag: 'Kv', requestId: null, action: 'get', key: 'theme', value: undefined },
      peer(),
    ),
    {
      _tag: 'KvAnswer',
      value: 'dark',
    },
  )
  t.is(dispatcher({ _tag: 'Shutdown' }, peer()), null)
  t.is(dispatcher({ _tag: 'UnknownLifecycle', action: 'ping' }, peer()), null)
  t.deepEqual(told, [init, 'shutdown'])
  t.deepEqual(log.entries, [
    ['debug', 'the lifecycle action "ping" is not known here and was ignored'],
  ])
})

test('a request is answered without an init, too', t => {
  t.deepEqual(dispatching().dispatcher(request(), peer()), jsonAnswer(200, null))
})

test('request logging writes an entry for every request, at the level of its outcome', async t => {
  @Plugin(METADATA)
  @Use(requestLogging({ level: 'debug' }))
  class Notes {
    @Get('/')
    one() {
      return 1
    }
    @Get('/later')
    async later() {
      return E.left(ioError('no'))
    }
  }
  const { ask, log, clock } = running(new Notes())
  t.false(ask({ path: '/?token=s3cret' }) instanceof Promise)
  const later = ask({ path: '/later', requestId: null })
  clock.advance(12.34)
  await later
  await ask({ path: '/none' })
  t.deepEqual(
    log.entries.filter(([, message]) => / in [\d.]+ ms$/.test(message)),
    [
      [
        'debug',
        'GET / 200 in 0 ms',
        { method: 'GET', path: '/', status: 200, ms: 0, requestId: 'r1' },
      ],
      [
        'error',
        'GET /later 500 in 12.3 ms',
        { method: 'GET', path: '/later', status: 500, ms: 12.3, requestId: null },
      ],
      [
        'debug',
        'GET /none 404 in 0 ms',
        { method: 'GET', path: '/none', status: 404, ms: 0, requestId: 'r1' },
      ],
    ],
  )
})
