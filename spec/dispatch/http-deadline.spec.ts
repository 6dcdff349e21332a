import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { Get, Plugin } from '../../decorators/index.js'
import type { PluginContext } from '../../lib/domain/context.js'
import { jsonAnswer, METADATA, peer, running } from './harness.js'

const TIMEOUT = jsonAnswer(504, { error: 'Timeout', message: 'no answer within 50 ms' })

/** A plugin with a handler that answers when it is told to. */
const slow = () => {
  const signals: AbortSignal[] = []
  const control = { resolve: (_value: unknown) => {}, reject: (_reason: unknown) => {} }
  @Plugin(METADATA, { httpTimeout: 50 })
  class Notes {
    @Get('/later')
    later(req: { signal: AbortSignal }): unknown {
      signals.push(req.signal)
      return new Promise((resolve, reject) => Object.assign(control, { resolve, reject }))
    }
    @Get('/once')
    once(req: { signal: AbortSignal }) {
      signals.push(req.signal)
      return 1
    }
  }
  return { ...running(new Notes()), plugin: new Notes(), signals, control }
}

/** Whether a signal is aborted, and why. */
const endOf = ({ aborted, reason }: AbortSignal) => [
  aborted,
  reason instanceof DOMException,
  reason.name,
  reason.message,
]

/** Lets everything run that is ready to. */
const settle = () => new Promise(resolve => setImmediate(resolve))

test('an answer in time ends the wait', async t => {
  const { ask, clock, control, log } = slow()
  const client = peer()
  const answer = ask({ path: '/later' }, client)
  clock.advance(49)
  control.resolve('done')
  t.deepEqual(await answer, jsonAnswer(200, 'done'))
  t.deepEqual([clock.waiting(), client.listeners(), log.entries], [0, 0, []])
})

test('an answer that is there at once starts no timer and no listener', t => {
  const { ask, clock } = slow()
  const client = peer()
  ask({ path: '/once' }, client)
  t.deepEqual([clock.waiting(), client.listeners()], [0, 0])
})

test('a request that takes too long is answered with 504, and its signal is aborted', async t => {
  const { ask, clock, log, signals } = slow()
  const answer = ask({ path: '/later' })
  t.deepEqual(
    signals.map(signal => signal.aborted),
    [false],
  )
  clock.advance(50)
  t.deepEqual(await answer, TIMEOUT)
  t.deepEqual(signals.map(endOf), [[true, true, 'TimeoutError', 'no answer within 50 ms']])
  t.deepEqual(log.entries, [
    ['error', 'GET /later answered 504: no answer within 50 ms', { handler: 'Notes.later' }],
  ])
})

test('a result that comes too late is logged', async t => {
  for (const [end, what, result] of [
    ['resolve', 'answered', 'the result'],
    ['resolve', 'failed (too late)', new Error('too late')],
    ['reject', 'failed (too late)', new Error('too late')],
  ] as const) {
    const { ask, clock, control, log } = slow()
    const answer = ask({ path: '/later?q=1' })
    clock.advance(50)
    await answer
    clock.advance(20)
    control[end](result)
    await settle()
    t.deepEqual(log.entries.slice(1), [
      [
        'warn',
        `GET /later ${what} after 70 ms, when it had been given up`,
        { handler: 'Notes.later' },
      ],
    ])
  }
})

test('the time that @OnInit takes counts', async t => {
  const { plugin } = slow()
  const waiting = running(plugin, () => new Promise<E.Either<never, PluginContext>>(() => {}))
  const answer = waiting.ask({ path: '/once' })
  waiting.clock.advance(50)
  t.deepEqual(await answer, TIMEOUT)
})

test('a request that was given up while @OnInit ran does not begin', async t => {
  const { plugin, signals } = slow()
  const control = { ready: (_context: E.Either<never, PluginContext>) => {} }
  const waiting = running(
    plugin,
    () => new Promise(resolve => Object.assign(control, { ready: resolve })),
  )
  const answer = waiting.ask({ path: '/once' })
  waiting.clock.advance(50)
  await answer
  control.ready(E.right(waiting.context))
  await settle()
  t.deepEqual([signals, waiting.log.entries.length], [[], 2])
})

test('a client that leaves aborts the signal, and the handler may finish', async t => {
  const { ask, control, signals } = slow()
  const client = peer()
  const answer = ask({ path: '/later' }, client)
  client.leave()
  t.deepEqual(signals.map(endOf), [[true, true, 'AbortError', 'the connection was lost']])
  control.resolve('done')
  t.deepEqual(await answer, jsonAnswer(200, 'done'))
})

test('what ends because its client left is no fault of the plugin, and anything else is', async t => {
  const levels: unknown[] = []
  for (const failure of [
    (signal: AbortSignal | undefined) => signal?.reason,
    (signal: AbortSignal | undefined) => new TypeError('terminated', { cause: signal?.reason }),
    () => new Error('a bug'),
  ]) {
    const { ask, control, log, signals } = slow()
    const client = peer()
    const answer = ask({ path: '/later' }, client)
    client.leave()
    control.reject(failure(signals[0]))
    await answer
    levels.push(log.entries.map(([level, message]) => [level, message]))
  }
  t.deepEqual(levels, [
    [['info', 'GET /later was given up: the connection was lost']],
    [['info', 'GET /later was given up: terminated']],
    [['error', 'GET /later answered 500: a bug']],
  ])
})

test('a client that has left already aborts the signal as well', async t => {
  const { ask, control, signals } = slow()
  const client = peer()
  client.leave()
  const answer = ask({ path: '/later' }, client)
  t.deepEqual(
    signals.map(signal => signal.aborted),
    [true],
  )
  control.resolve('done')
  await answer
})

test('a signal that is asked for after the end is aborted already', async t => {
  const seen: unknown[] = []
  const control = { resolve: () => {} }
  @Plugin(METADATA, { httpTimeout: 50 })
  class Notes {
    @Get('/')
    async later(req: { signal: AbortSignal }) {
      await new Promise<void>(resolve => Object.assign(control, { resolve }))
      seen.push(...endOf(req.signal))
    }
  }
  const { ask, clock } = running(new Notes())
  const client = peer()
  const answer = ask({}, client)
  clock.advance(50)
  client.leave()
  control.resolve()
  await answer
  await settle()
  t.deepEqual(seen, [true, true, 'TimeoutError', 'no answer within 50 ms'])
})
