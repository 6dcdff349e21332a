import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as io from 'io-ts'
import { serializationError } from '../../lib/domain/plugin-error.js'
import { withCells } from '../../lib/kv/cell.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import { recordingLog } from '../dispatch/harness.js'

// Three versions of one plugin, over one store.

const First = io.number
const Second = io.type({ count: io.number }, 'Second')
const Third = io.type({ count: io.number, last: io.union([io.string, io.null]) }, 'Third')

const versions = () => {
  const store = memoryKv()
  const log = recordingLog()
  const kvOf = (version: string) => withCells(store, { version, log })
  return {
    store,
    log,
    first: kvOf('1.0.0').cell('visits', First),
    second: kvOf('2.0.0').cell('visits', Second, { before: [[First, count => ({ count })]] }),
    third: kvOf('3.0.0').cell('visits', Third, {
      before: [
        [Second, ({ count }) => ({ count, last: null })],
        [First, count => ({ count, last: null })],
      ],
    }),
    kv: kvOf('3.0.0'),
  }
}

const one: io.TypeOf<typeof Third> = { count: 1, last: null }

test('a value of an older version is carried over when it is read, kept as it was, and said in the log', async t => {
  const { first, third, kv, store, log } = versions()
  await first.set(1)()
  t.deepEqual([await third.get(), await third.get()], [E.right(O.some(one)), E.right(O.some(one))])
  t.deepEqual(
    await store.entries()(),
    E.right([
      ['toru.older:visits', '1'],
      ['visits', '{"count":1,"last":null}'],
    ]),
  )
  t.deepEqual(log.entries, [
    [
      'info',
      'the value stored under "visits" was of an older version, number, and was carried over to that of 3.0.0, Third; what was stored is kept under "toru.older:visits"',
    ],
  ])
  t.deepEqual(
    [await kv.keys()(), await kv.entries('t')(), await kv.keys('toru.older:')()],
    [E.right(['visits']), E.right([]), E.right(['toru.older:visits'])],
  )
})

test('the first codec that fits decides, and a value that fits the codec of today is left alone', async t => {
  const { second, third, store, log } = versions()
  await third.set({ count: 2, last: 'a' })()
  t.deepEqual(await second.get(), E.right(O.some({ count: 2, last: 'a' })))
  await second.set({ count: 5 })()
  t.deepEqual(await third.getOrElse(() => one)(), E.right({ count: 5, last: null }))
  t.deepEqual(await store.get('toru.older:visits')(), E.right(O.some('{"count":5}')))
  t.is(log.entries.length, 1)
})

test('update and set keep a value of an older version, too', async t => {
  const { first, second, third, store } = versions()
  await first.set(1)()
  const next = third.update(
    O.match(
      () => one,
      ({ count }) => ({ count: count + 1, last: 'b' }),
    ),
  )
  t.deepEqual(await Promise.all([next(), next()]), [
    E.right({ count: 2, last: 'b' }),
    E.right({ count: 3, last: 'b' }),
  ])
  t.deepEqual(await store.get('toru.older:visits')(), E.right(O.some('1')))
  await store.set('visits', '{"count":7}')()
  t.deepEqual(await third.set(one)(), E.right(undefined))
  t.deepEqual(await store.get('toru.older:visits')(), E.right(O.some('{"count":7}')))
  t.deepEqual(await second.delete(), E.right(undefined))
  t.deepEqual(await store.keys()(), E.right([]))
})

test('a plugin that is rolled back finds what was kept, and keeps the newer value', async t => {
  const { first, third, store, log } = versions()
  await first.set(1)()
  await third.update(() => ({ count: 9, last: 'c' }))()
  t.deepEqual(
    await first.update(
      O.match(
        () => 0,
        count => count + 1,
      ),
    )(),
    E.right(2),
  )
  t.deepEqual(await store.get('toru.newer:visits')(), E.right(O.some('{"count":9,"last":"c"}')))
  t.deepEqual(log.entries.at(-1), [
    'warn',
    'the value stored under "visits" is of a newer version than 1.0.0; what was stored before, which fits number, is used again, and the newer value is kept under "toru.newer:visits"',
  ])
  t.deepEqual(await third.get(), E.right(O.some({ count: 2, last: null })))
})

test('what fits no version is an error, stays as it is, and can be replaced', async t => {
  const { third, store } = versions()
  await store.set('visits', '"x"')()
  const misfit = E.left(
    serializationError(
      'the value stored under "visits" no longer fits its codec: value: expected Third, got "x"',
    ),
  )
  t.deepEqual([await third.get(), await third.update(() => one)()], [misfit, misfit])
  t.deepEqual(await store.entries()(), E.right([['visits', '"x"']]))
  t.deepEqual(await third.set(one)(), E.right(undefined))
  t.deepEqual(await third.get(), E.right(O.some(one)))
})

test('a function that throws, or makes what cannot be stored, changes nothing', async t => {
  const { store, kv } = versions()
  const failed = new Error('failed')
  const throwing = kv.cell('visits', Second, {
    before: [
      [
        First,
        () => {
          throw failed
        },
      ],
    ],
  })
  const lossy = kv.cell('visits', Second, { before: [[First, () => ({ count: Number.NaN })]] })
  await store.set('visits', '1')()
  const thrown = await throwing.get()
  t.deepEqual(
    thrown,
    E.left(
      serializationError(
        'the value stored under "visits" is of an older version, number, and the function that carries it over threw',
        failed,
      ),
    ),
  )
  t.is((await lossy.get())._tag, 'Left')
  t.deepEqual(await store.entries()(), E.right([['visits', '1']]))
})
