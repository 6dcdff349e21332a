import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as io from 'io-ts'
import { DateFromISOString } from 'io-ts-types/lib/DateFromISOString.js'
import { date } from 'io-ts-types/lib/date.js'
import { internalError, serializationError } from '../../lib/domain/plugin-error.js'
import { withCells } from '../../lib/kv/cell.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import { recordingLog } from '../dispatch/harness.js'

const Count = io.type({ count: io.number, since: io.union([DateFromISOString, io.null]) })
const since = new Date('2020-01-01T00:00:00.000Z')
const STORED = '{"count":1,"since":"2020-01-01T00:00:00.000Z"}'

const store = () => {
  const kv = withCells(memoryKv(), { version: '1.0.0', log: recordingLog() })
  return { kv, cell: kv.cell('visits', Count) }
}

test('a cell that nothing was stored in holds nothing', async t => {
  const { cell } = store()
  t.deepEqual(await cell.get(), E.right(O.none))
  t.deepEqual(
    await cell.getOrElse(() => ({ count: 0, since: null }))(),
    E.right({ count: 0, since: null }),
  )
  t.deepEqual(await cell.delete(), E.right(undefined))
})

test('a cell keeps a value as the JSON of what its codec encodes', async t => {
  const { kv, cell } = store()
  t.deepEqual(await cell.set({ count: 1, since })(), E.right(undefined))
  t.deepEqual(await kv.get('visits')(), E.right(O.some(STORED)))
  t.deepEqual(await cell.get(), E.right(O.some({ count: 1, since })))
  t.deepEqual(
    await cell.getOrElse(() => ({ count: 0, since: null }))(),
    E.right({ count: 1, since }),
  )
  t.deepEqual(await cell.delete(), E.right(undefined))
  t.deepEqual(await kv.get('visits')(), E.right(O.none))
})

test('a cell is updated from nothing and from what it holds', async t => {
  const { cell } = store()
  const next = cell.update(current =>
    O.isSome(current) ? { ...current.value, count: current.value.count + 1 } : { count: 1, since },
  )
  t.deepEqual(await next(), E.right({ count: 1, since }))
  t.deepEqual(await next(), E.right({ count: 2, since }))
  t.deepEqual(await Promise.all([next(), next()]), [
    E.right({ count: 3, since }),
    E.right({ count: 4, since }),
  ])
  t.deepEqual(await cell.get(), E.right(O.some({ count: 4, since })))
})

test('nothing happens before an operation is run', async t => {
  const { kv, cell } = store()
  cell.set({ count: 1, since })
  cell.update(() => ({ count: 1, since }))
  t.deepEqual(await kv.keys()(), E.right([]))
})

test('a stored value that no longer fits is an error that says where, and stays as it is', async t => {
  const { kv, cell } = store()
  const reset = cell.update(() => ({ count: 0, since: null }))
  const misfit = serializationError(
    'the value stored under "visits" no longer fits its codec: value.count: expected number, got "x"',
  )
  await kv.set('visits', '{"count":"x","since":null}')()
  t.deepEqual(
    [await cell.get(), await cell.getOrElse(() => ({ count: 0, since: null }))(), await reset()],
    [E.left(misfit), E.left(misfit), E.left(misfit)],
  )
  await kv.set('visits', 'no JSON')()
  const noJson = serializationError('the value stored under "visits" is not JSON')
  t.deepEqual([await cell.get(), await reset()], [E.left(noJson), E.left(noJson)])
  t.deepEqual(await kv.get('visits')(), E.right(O.some('no JSON')))
  t.deepEqual(await cell.set({ count: 1, since })(), E.right(undefined))
})

test('a function that throws changes nothing', async t => {
  const { kv, cell } = store()
  await kv.set('visits', STORED)()
  const failed = new Error('failed')
  const update = cell.update(() => {
    throw failed
  })
  t.deepEqual(await update(), E.left(internalError('failed', failed)))
  t.deepEqual(await kv.get('visits')(), E.right(O.some(STORED)))
})

test('a value that JSON would change, or that could not be read again, is not stored', async t => {
  const { kv, cell } = store()
  const notStored = (key: string, why: string) =>
    E.left(serializationError(`the value for "${key}" is not stored: ${why}`))
  const nan = notStored(
    'visits',
    'JSON cannot carry value.count, which is NaN: send null or a text',
  )
  t.deepEqual(
    [
      await cell.set({ count: Number.NaN, since })(),
      await cell.update(() => ({ count: Number.NaN, since }))(),
      await kv.cell('big', io.bigint).set(5n)(),
      await kv.cell('nothing', io.undefined).set(undefined)(),
      await kv.cell('map', io.unknown).set([new Map()])(),
      await kv.cell('since', date).set(since)(),
      await cell.set(JSON.parse('{"count":"x","since":null}'))(),
    ],
    [
      nan,
      nan,
      notStored('big', 'JSON cannot carry value, which is a bigint: send a text'),
      notStored('nothing', 'JSON cannot carry value, which is undefined: send null'),
      notStored('map', 'JSON cannot carry value.0, which is a Map: send Object.fromEntries(map)'),
      notStored(
        'since',
        'its codec could not read it again: value: expected Date, got "2020-01-01T00:00:00.000Z"',
      ),
      notStored(
        'visits',
        'its codec could not read it again: value.count: expected number, got "x"',
      ),
    ],
  )
  t.deepEqual(await kv.keys()(), E.right([]))
})

test('a value beyond the bounds of JSON from outside is not read, and not stored', async t => {
  const { kv } = store()
  const deep = kv.cell('deep', io.UnknownRecord)
  const text = `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`
  await kv.set('deep', text)()
  const reason = 'it is nested more than 64 deep'
  t.deepEqual(
    await deep.get(),
    E.left(serializationError(`the value stored under "deep" is not read: ${reason}`)),
  )
  t.deepEqual(
    await deep.set(JSON.parse(text))(),
    E.left(serializationError(`the value for "deep" is not stored: ${reason}`)),
  )
})
