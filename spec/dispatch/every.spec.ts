import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { Every, Plugin } from '../../decorators/index.js'
import { makeBackground } from '../../lib/dispatch/every.js'
import type { PluginContext } from '../../lib/domain/context.js'
import { ioError } from '../../lib/domain/plugin-error.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, fakeClock, METADATA, problemsOf, recordingLog } from './harness.js'

const context = { metadata: METADATA } as unknown as PluginContext

/** The background of a plugin, on a clock that is moved by hand. */
const backgroundOf = (plugin: object) => {
  const [clock, log] = [fakeClock(), recordingLog()]
  const background = makeBackground(handlersOf(declarationOf(plugin), 'Every'), {
    clock,
    log,
    ready: () => E.right(context),
  })
  return { background, clock, log }
}

test('a method runs at every interval after the start, and not before', t => {
  const runs: string[] = []
  @Plugin(METADATA)
  class Ticking {
    @Every('5 m')
    five() {
      runs.push('five')
    }

    @Every(120_000)
    two(ctx: PluginContext) {
      runs.push(`two of ${ctx.metadata.id}`)
    }
  }
  const { background, clock } = backgroundOf(new Ticking())
  clock.advance(600_000)
  t.deepEqual(runs, [])
  background.start()
  background.start()
  clock.advance(119_999)
  t.deepEqual(runs, [])
  clock.advance(1)
  t.deepEqual(runs, ['two of notes'])
  for (let minute = 2; minute < 10; minute++) clock.advance(60_000)
  t.deepEqual(runs, [
    'two of notes',
    'two of notes',
    'five',
    'two of notes',
    'two of notes',
    'five',
    'two of notes',
  ])
})

test('a method never overlaps itself: one that takes longer runs again at the next multiple of its interval', async t => {
  let running = 0
  let most = 0
  const begun: number[] = []
  let end = (): void => undefined
  @Plugin(METADATA)
  class Slow {
    @Every('10 s')
    slow() {
      begun.push(clock.now())
      most = Math.max(most, ++running)
      return new Promise<void>(resolve => {
        end = () => {
          running--
          resolve()
        }
      })
    }
  }
  const { background, clock } = backgroundOf(new Slow())
  background.start()
  clock.advance(10_000)
  clock.advance(25_000)
  t.deepEqual(begun, [10_000])
  end()
  await new Promise(setImmediate)
  clock.advance(4_999)
  t.deepEqual(begun, [10_000])
  clock.advance(1)
  t.deepEqual([begun, most], [[10_000, 40_000], 1])
})

test('an error of a method is logged, and the next run starts as usual', async t => {
  let runs = 0
  @Plugin(METADATA)
  class Failing {
    @Every('1 s')
    fail() {
      runs++
      if (runs === 1) throw new Error('broken')
      return TE.left(ioError('the disk is full'))
    }
  }
  const { background, clock, log } = backgroundOf(new Failing())
  background.start()
  for (let second = 0; second < 3; second++) {
    clock.advance(1_000)
    await new Promise(setImmediate)
  }
  t.is(runs, 3)
  t.deepEqual(
    log.entries.map(([level, message]) => [level, message]),
    [
      ['error', 'Failing.fail, every 1 s, failed: broken'],
      ['error', 'Failing.fail, every 1 s, failed: the disk is full'],
      ['error', 'Failing.fail, every 1 s, failed: the disk is full'],
    ],
  )
})

test('no run starts after the stop', t => {
  let runs = 0
  @Plugin(METADATA)
  class Ticking {
    @Every('1 s')
    tick() {
      runs++
    }
  }
  const { background, clock } = backgroundOf(new Ticking())
  background.start()
  clock.advance(1_000)
  background.stop()
  clock.advance(60_000)
  background.start()
  clock.advance(60_000)
  t.is(runs, 1)
})

test('a run that has started before the stop goes on, and is the last', async t => {
  const seen: string[] = []
  let end = (): void => undefined
  @Plugin(METADATA)
  class Slow {
    @Every('1 s')
    async slow() {
      seen.push('begun')
      await new Promise<void>(resolve => {
        end = resolve
      })
      seen.push('ended')
    }
  }
  const { background, clock } = backgroundOf(new Slow())
  background.start()
  clock.advance(1_000)
  background.stop()
  end()
  await new Promise(setImmediate)
  clock.advance(60_000)
  t.deepEqual([seen, clock.waiting()], [['begun', 'ended'], 0])
})

test('a wrong interval is a problem of the class', t => {
  @Plugin(METADATA)
  class Wrong {
    @Every(0)
    never() {}

    @Every('30 d')
    seldom() {}

    @Every('5 minutes' as '5 m')
    words() {}
  }
  t.deepEqual(
    problemsOf(new Wrong()).map(({ place, cause }) => [place, cause]),
    [
      ['Wrong.never', '@Every(0): expected an interval of 1 ms to 24 days'],
      ['Wrong.seldom', '@Every("30 d"): expected an interval of 1 ms to 24 days'],
      ['Wrong.words', '@Every("5 minutes"): expected an interval of 1 ms to 24 days'],
    ],
  )
})
