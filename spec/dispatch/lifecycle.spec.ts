import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { OnInit, OnShutdown, Plugin } from '../../decorators/index.js'
import { shutdownProgram } from '../../lib/dispatch/hooks.js'
import { makeLifecycle } from '../../lib/dispatch/lifecycle.js'
import type { PluginContext } from '../../lib/domain/context.js'
import { ioError, notInitialized } from '../../lib/domain/plugin-error.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, fakeClock, METADATA, running } from './harness.js'

const notReady = (retryAfter: number) =>
  E.left({
    ...notInitialized('the plugin is not ready: its @OnInit failed; its log has the reason'),
    retryAfter,
  })

/** A lifecycle whose `@OnInit` does what it is told, and what it was given. */
const lifecycleOf = (onInit: (attempt: number) => unknown, early = 0) => {
  const ids: unknown[] = []
  @Plugin(METADATA)
  class Notes {
    @OnInit
    begin(ctx: PluginContext): never {
      ids.push(O.toNullable(ctx.instanceId))
      return onInit(ids.length) as never
    }
  }
  const { declaration, context, log } = running(new Notes())
  const clock = fakeClock()
  const lifecycle = makeLifecycle({
    hooks: handlersOf(declaration, 'OnInit'),
    contextOf: instanceId => ({ ...context, instanceId }),
    log,
    clock: { ...clock, after: (ms, f) => clock.after(ms - early, f) },
  })
  const id = async () => {
    const ready = await lifecycle.ready()
    return E.isRight(ready) ? O.toNullable(ready.right.instanceId) : ready.left._tag
  }
  return { ...lifecycle, ids, log, clock, id }
}

/** A promise that a test resolves or rejects. */
const later = () => {
  const control = { resolve: () => {}, reject: (_reason: unknown) => {} }
  const promise = new Promise<void>((resolve, reject) =>
    Object.assign(control, { resolve, reject }),
  )
  return { promise, ...control }
}

test('a plugin without @OnInit is ready at once', t => {
  @Plugin(METADATA)
  class Notes {}
  const { context, log } = running(new Notes())
  const clock = fakeClock()
  const lifecycle = makeLifecycle({ hooks: [], contextOf: () => context, log, clock })
  t.deepEqual(lifecycle.ready(), E.right(context))
})

test('an init runs @OnInit once, with the id that it brought', async t => {
  const { init, ready, ids, id } = lifecycleOf(() => undefined)
  init(O.some('i1'))
  t.deepEqual([ids, await id(), await id(), ids], [['i1'], 'i1', 'i1', ['i1']])
  t.is(ready(), ready())
})

test('a request that comes first runs @OnInit, without an id, and a later init brings it', async t => {
  const { init, ids, id } = lifecycleOf(() => undefined)
  t.is(await id(), null)
  init(O.some('i1'))
  t.is(await id(), 'i1')
  init(O.some('i2'))
  t.is(await id(), 'i2')
  t.deepEqual(ids, [null])
})

test('a synchronous @OnInit costs no promise', t => {
  const { ready } = lifecycleOf(() => E.right('done'))
  t.false(ready() instanceof Promise)
})

test('requests wait for @OnInit, all for the same', async t => {
  const { promise, resolve } = later()
  const { init, ready, ids } = lifecycleOf(() => promise)
  const waiting = [ready(), ready()]
  init(O.some('i1'))
  waiting.push(ready())
  t.true(waiting.every(outcome => outcome instanceof Promise))
  resolve()
  const contexts = (await Promise.all(waiting)).map(outcome =>
    E.isRight(outcome) ? O.toNullable(outcome.right.instanceId) : 'left',
  )
  t.deepEqual([contexts, ids], [['i1', 'i1', 'i1'], [null]])
  t.false(ready() instanceof Promise)
})

test('if several inits come while @OnInit runs, the last one counts', async t => {
  const { promise, resolve } = later()
  const { init, ids, id } = lifecycleOf(() => promise)
  for (const name of ['i1', 'i2', 'i3']) init(O.some(name))
  resolve()
  t.deepEqual([await id(), ids], ['i3', ['i1']])
})

test('after a failure requests are refused, and the next init tries again', async t => {
  const cause = new Error('disk full')
  const failures: ReadonlyArray<() => unknown> = [
    () => {
      throw cause
    },
    () => Promise.reject(cause),
    () => E.left(ioError('disk full', cause)),
    () => async () => E.left(ioError('disk full', cause)),
  ]
  for (const fail of failures) {
    const { init, ready, ids, id, log } = lifecycleOf(attempt => (attempt < 3 ? fail() : 'done'))
    t.deepEqual(await ready(), notReady(1))
    t.deepEqual(ready(), notReady(1))
    t.deepEqual(ids, [null])
    init(O.some('i1'))
    t.deepEqual(await ready(), notReady(2))
    init(O.some('i2'))
    t.is(await id(), 'i2')
    t.deepEqual(ids, [null, 'i1', 'i2'])
    const entry = (seconds: number) => [
      'error',
      `@OnInit failed: disk full; requests get 503, and it is tried again in ${seconds} s`,
      { error: cause },
    ]
    t.deepEqual(log.entries, [
      entry(1),
      entry(2),
      ['info', '@OnInit has succeeded, at attempt 3'],
    ] as never)
  }
})

test('an init that comes while a failing @OnInit runs does not try again', async t => {
  const { promise, reject } = later()
  const { init, ready, ids } = lifecycleOf(() => promise)
  init(O.some('i1'))
  init(O.some('i2'))
  reject(new Error('failed'))
  t.deepEqual(await ready(), notReady(1))
  t.deepEqual([ready(), ids], [notReady(1), ['i1']] as never)
})

test('a failed @OnInit is tried again after 1, 2, 4 … 60 s, with the last id that was heard of', t => {
  const { init, ready, ids, clock } = lifecycleOf(attempt =>
    attempt < 9 ? E.left(ioError('no network')) : E.right('done'),
  )
  init(O.some('i1'))
  for (const [attempt, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
    t.deepEqual(ready(), notReady(seconds))
    clock.advance(seconds * 1_000 - 1)
    t.deepEqual([ready(), ids.length], [notReady(1), attempt + 1] as never)
    clock.advance(1)
  }
  t.true(E.isRight(ready() as never))
  t.deepEqual([new Set(ids), ids.length, clock.waiting()], [new Set(['i1']), 9, 0] as never)
})

test('a request after that time tries at once, also where the timer has not fired yet', t => {
  const { declaration, context, log, seen } = withHooks('base', 1)
  let now = 0
  const { ready } = makeLifecycle({
    hooks: handlersOf(declaration, 'OnInit').slice(0, 1),
    contextOf: () => context,
    log,
    // As after a time in which the process was stopped.
    clock: { now: () => now, after: () => () => undefined },
  })
  t.deepEqual(ready(), notReady(1))
  now = 1_000
  t.deepEqual([ready(), seen], [E.right(context), ['base', 'base']] as never)
})

test('only the hook that failed and those after it run again', async t => {
  const { declaration, context, log, seen } = withHooks('second', 2)
  const clock = fakeClock()
  const { ready } = makeLifecycle({
    hooks: handlersOf(declaration, 'OnInit'),
    contextOf: () => context,
    log,
    clock,
  })
  await ready()
  clock.advance(1_000)
  await ready()
  clock.advance(2_000)
  t.true(E.isRight(await ready()))
  t.deepEqual(seen, ['base', 'second', 'second', 'second', 'third'])
})

test('a plugin that stops makes no further attempt', async t => {
  const { ready, stop, ids, clock } = lifecycleOf(() => E.left(ioError('no network')))
  t.deepEqual(ready(), notReady(1))
  stop()
  clock.advance(1_000)
  t.deepEqual([ids, clock.waiting()], [[null], 0] as never)

  const { promise, reject } = later()
  const running = lifecycleOf(() => promise)
  const outcome = running.ready()
  running.stop()
  reject(new Error('failed'))
  t.deepEqual([await outcome, running.clock.waiting()], [notReady(1), 0] as never)
})

/** A plugin with hooks in two classes, one of which fails so many times. */
const withHooks = (fails: string, times = Number.POSITIVE_INFINITY) => {
  const seen: string[] = []
  const run = (name: string) => {
    seen.push(name)
    if (name === fails && times-- > 0) throw new Error(`${name} failed`)
  }
  class Base {
    @OnInit
    baseFirst() {
      run('base')
    }
    @OnShutdown
    baseEnd() {
      run('base end')
    }
  }
  @Plugin(METADATA)
  class Notes extends Base {
    @OnInit
    async second() {
      await Promise.resolve()
      run('second')
    }
    @OnInit
    third() {
      run('third')
    }
    @OnShutdown
    async end() {
      run('end')
    }
  }
  return { ...running(new Notes()), seen, declaration: declarationOf(new Notes()) }
}

test('several hooks run one after the other, those of the extended class first, until one fails', async t => {
  for (const [fails, expected] of [
    ['none', ['base', 'second', 'third']],
    ['second', ['base', 'second']],
    ['base', ['base']],
  ] as const) {
    const { declaration, context, log, seen } = withHooks(fails)
    await makeLifecycle({
      hooks: handlersOf(declaration, 'OnInit'),
      contextOf: () => context,
      log,
      clock: fakeClock(),
    }).ready()
    t.deepEqual(seen, [...expected])
  }
})

test('every @OnShutdown runs, whatever becomes of the others, and failures are logged', async t => {
  const { declaration, context, log, seen } = withHooks('base end')
  t.is(await shutdownProgram(handlersOf(declaration, 'OnShutdown'))(context), undefined)
  t.deepEqual(seen, ['base end', 'end'])
  t.deepEqual(log.entries, [
    ['error', '@OnShutdown failed: base end failed', { error: new Error('base end failed') }],
  ])
})

test('@OnShutdown has something to clean up after once @OnInit has been started', async t => {
  const { promise, resolve } = later()
  const { started, init } = lifecycleOf(() => promise)
  t.deepEqual(await started(), O.none)
  init(O.some('i1'))
  const context = started()
  resolve()
  t.deepEqual(O.toNullable(await context)?.instanceId, O.some('i1'))
  const failed = lifecycleOf(() => E.left(ioError('no')))
  await failed.ready()
  t.true(O.isSome(await failed.started()))
})

test('a timer that fires before its time by the clock starts the next attempt all the same', async t => {
  const fails = (attempt: number) => (attempt === 1 ? E.left(ioError('no disk')) : undefined)
  const { init, clock, ids, id } = lifecycleOf(fails, 5)
  init(O.some('a'))
  clock.advance(995)
  t.deepEqual([ids, await id()], [['a', 'a'], 'a'])
})
