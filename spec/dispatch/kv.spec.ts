import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as io from 'io-ts'
import { DateFromISOString } from 'io-ts-types/lib/DateFromISOString.js'
import { Kv, Plugin } from '../../decorators/index.js'
import type { PluginContext } from '../../lib/domain/context.js'
import type { KvOperation } from '../../lib/domain/kv.js'
import { conflict, ioError, notInitialized } from '../../lib/domain/plugin-error.js'
import { METADATA, running } from './harness.js'

const value = (text: string | null) => ({ _tag: 'KvAnswer', value: text }) as const
const NULL = value(null)

/** A plugin that notes which handler was given which operation. */
const noting = () => {
  const seen: unknown[] = []
  @Plugin(METADATA)
  class Notes {
    @Kv('prefs/*')
    prefs(operation: KvOperation) {
      seen.push(['prefs/*', operation])
      return 'prefs'
    }
    @Kv('prefs/ui/*')
    ui(operation: KvOperation) {
      seen.push(['prefs/ui/*', operation])
      return 'ui'
    }
    @Kv('prefs/ui/theme')
    theme(operation: KvOperation) {
      seen.push(['prefs/ui/theme', operation])
      return 'theme'
    }
  }
  return { ...running(new Notes()), seen }
}

test('the exact key takes precedence over the longest prefix, and both over the store', async t => {
  const { kv } = noting()
  await kv('set', 'other', 'stored')
  const keys = [
    'prefs/ui/theme',
    'prefs/ui/theme/',
    'prefs/ui/',
    'prefs/ui',
    'prefs/',
    'prefs',
    'other',
    'prefs/ui/*',
  ]
  t.deepEqual(await Promise.all(keys.map(async key => (await kv('get', key)).value)), [
    'theme',
    'ui',
    'ui',
    'prefs',
    'prefs',
    null,
    'stored',
    'ui',
  ])
})

test('a handler gets the operation, and what it returns counts for a get alone', t => {
  const { kv, seen } = noting()
  t.deepEqual(
    [kv('get', 'prefs/a'), kv('set', 'prefs/a', 'x'), kv('delete', 'prefs/a')],
    [value('prefs'), NULL, NULL],
  )
  t.deepEqual(seen, [
    ['prefs/*', { action: 'get', key: 'prefs/a' }],
    ['prefs/*', { action: 'set', key: 'prefs/a', value: 'x' }],
    ['prefs/*', { action: 'delete', key: 'prefs/a' }],
  ])
})

test('the store serves a key without a handler', async t => {
  const { kv, context } = noting()
  const got = [
    await kv('get', 'a'),
    await kv('set', 'a', '1'),
    await kv('get', 'a'),
    await kv('set', '__proto__', '2'),
    await kv('get', '__proto__'),
  ]
  t.deepEqual(got, [NULL, NULL, value('1'), NULL, value('2')])
  t.deepEqual(await context.kv.keys()(), E.right(['__proto__', 'a']))
  t.deepEqual(
    [await kv('delete', 'a'), await kv('get', 'a'), await kv('delete', 'a')],
    [NULL, NULL, NULL],
  )
})

const Theme = io.union([io.literal('dark'), io.literal('light')])

/** A plugin whose handlers keep typed values in its store. */
const typed = () => {
  const seen: unknown[] = []
  @Plugin(METADATA)
  class Notes {
    @Kv('theme', Theme)
    theme(operation: KvOperation<io.TypeOf<typeof Theme>>, { kv }: PluginContext) {
      const cell = kv.cell('theme', Theme)
      if (operation.action === 'get') return cell.get
      return operation.action === 'set'
        ? TE.map(() => undefined)(cell.set(operation.value))
        : TE.map(() => undefined)(cell.delete)
    }
    @Kv('since', DateFromISOString)
    since(operation: KvOperation<Date>) {
      seen.push(operation)
      return operation.action === 'get' ? new Date(0) : undefined
    }
  }
  return { ...running(new Notes()), seen }
}

test('a codec decodes what is set and encodes what is got', async t => {
  const { kv, seen } = typed()
  t.deepEqual(
    [await kv('get', 'theme'), await kv('set', 'theme', 'dark'), await kv('get', 'theme')],
    [NULL, NULL, value('dark')],
  )
  t.deepEqual(
    [kv('set', 'since', '2020-01-01T00:00:00.000Z'), kv('get', 'since')],
    [NULL, value('1970-01-01T00:00:00.000Z')],
  )
  t.deepEqual(seen, [
    { action: 'set', key: 'since', value: new Date('2020-01-01T00:00:00.000Z') },
    { action: 'get', key: 'since' },
  ])
})

test('a set that is refused reaches no handler and stores nothing', async t => {
  const { kv, log, context, seen } = typed()
  t.deepEqual(
    [kv('set', 'theme', 'blue'), kv('set', 'since', 'x'), kv('set', 'other')],
    [NULL, NULL, NULL],
  )
  t.deepEqual([await context.kv.keys()(), seen], [E.right([]), []])
  t.deepEqual(log.entries, [
    [
      'warn',
      'KV set theme answered null: value: expected ("dark" | "light"), got "blue"',
      { handler: 'Notes.theme' },
    ],
    [
      'warn',
      'KV set since answered null: value: expected DateFromISOString, got "x"',
      { handler: 'Notes.since' },
    ],
    [
      'warn',
      'KV set other answered null: a KV set carries a value, and this one has none',
      { handler: 'the store' },
    ],
  ])
})

const cause = new Error('disk full')

test('a failure is null, and an entry in the log', async t => {
  const failures: ReadonlyArray<
    readonly [returns: () => unknown, level: string, message: string, fields?: object]
  > = [
    [() => E.left(ioError('no disk', cause)), 'error', 'no disk', { error: cause }],
    [() => TE.left(conflict('taken')), 'warn', 'taken'],
    [async () => Promise.reject(cause), 'error', 'disk full', { error: cause }],
    [
      () => {
        throw cause
      },
      'error',
      'disk full',
      { error: cause },
    ],
  ]
  for (const [returns, level, message, fields = {}] of failures) {
    @Plugin(METADATA)
    class Notes {
      @Kv('a')
      one(): never {
        return returns() as never
      }
    }
    const { kv, log } = running(new Notes())
    t.deepEqual(await kv('get', 'a'), NULL)
    t.deepEqual(log.entries, [
      [level, `KV get a answered null: ${message}`, { handler: 'Notes.one', ...fields }],
    ])
  }
})

test('a codec that throws is a failure like any other', async t => {
  const Careless = new io.Type<string, string, unknown>(
    'Careless',
    (u): u is string => JSON.parse(String(u)) !== null,
    u => io.success(JSON.parse(String(u))),
    text => JSON.parse(text),
  )
  const returned: unknown[] = ['not JSON', Promise.resolve('not JSON'), O.some('not JSON')]
  for (const given of returned) {
    @Plugin(METADATA)
    class Notes {
      @Kv('a', Careless)
      one(): never {
        return given as never
      }
    }
    const { kv, log } = running(new Notes())
    t.deepEqual([await kv('get', 'a'), await kv('set', 'a', 'not JSON')], [NULL, NULL])
    t.deepEqual(
      log.entries.map(([level]) => level),
      ['error', 'error'],
    )
  }
})

test('an operation that takes too long is answered with null, and its late result is logged', async t => {
  const control = { resolve: () => {} }
  @Plugin(METADATA, { kvTimeout: 30 })
  class Notes {
    @Kv('a')
    async one() {
      await new Promise<void>(resolve => Object.assign(control, { resolve }))
    }
  }
  const { kv, log, clock } = running(new Notes())
  const answer = kv('get', 'a')
  clock.advance(30)
  t.deepEqual(await answer, NULL)
  clock.advance(5)
  control.resolve()
  await new Promise(resolve => setImmediate(resolve))
  t.deepEqual(log.entries, [
    ['error', 'KV get a answered null: no answer within 30 ms', { handler: 'Notes.one' }],
    ['warn', 'KV get a ended after 35 ms, when it had been given up'],
  ])
})

test('after @OnInit has failed every operation is answered with null', async t => {
  const { kv } = running(typedPlugin(), () => E.left(notInitialized('not ready')))
  t.deepEqual([await kv('get', 'theme'), await kv('get', 'other')], [NULL, NULL])
})

const typedPlugin = (): object => {
  @Plugin(METADATA)
  class Notes {
    @Kv('theme')
    theme() {
      return 'dark'
    }
  }
  return new Notes()
}
