import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as io from 'io-ts'
import { DateFromISOString } from 'io-ts-types/lib/DateFromISOString.js'
import { internalError, serializationError } from '../../lib/domain/plugin-error.js'
import { withCells } from '../../lib/kv/cell.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'

const Count = io.type({ count: io.number, since: io.union([DateFromISOString, io.null]) })
const since = new Date('2020-01-01T00:00:00.000Z')
const STORED = '{"count":1,"since":"2020-01-01T00:00:00.000Z"}'

const store = () => {
  const kv = withCells(memoryKv())
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

test('a value that has no JSON is refused and not stored', async t => {
  const { kv } = store()
  const [big, nothing] = [kv.cell('big', io.bigint), kv.cell('nothing', io.undefined)]
  const refused = await big.set(5n)()
  t.deepEqual(E.isLeft(refused) && [refused.left._tag, refused.left.message], [
    'Serialization',
    'the value for "big" is not JSON',
  ])
  t.is((await big.update(() => 5n)())._tag, 'Left')
  t.deepEqual(
    await nothing.set(undefined)(),
    E.left(serializationError('the value for "nothing" has no JSON')),
  )
  t.deepEqual(await kv.keys()(), E.right([]))
})

test('a poisoned value is not read and stays as it is, and none is stored', async t => {
  const { kv, cell } = store()
  const any = kv.cell('any', io.unknown)
  const text = '{"count":1,"since":null,"__proto__":{"count":5}}'
  const reason =
    'it has the key "__proto__" at __proto__, which could change the prototype of an object'
  const unread = E.left(
    serializationError(`the value stored under "visits" is not read: ${reason}`),
  )
  await kv.set('visits', text)()
  t.deepEqual(
    [await cell.get(), await cell.update(() => ({ count: 0, since }))()],
    [unread, unread],
  )
  t.deepEqual(await kv.get('visits')(), E.right(O.some(text)))
  t.deepEqual(
    await any.set(JSON.parse(text))(),
    E.left(serializationError(`the value for "any" is not stored: ${reason}`)),
  )
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
