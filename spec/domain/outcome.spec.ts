import test from 'ava'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { andThen, attempt, isPending, settle, toTaskEither } from '../../lib/domain/outcome.js'
import { conflict, internalError } from '../../lib/domain/plugin-error.js'
import { utf8Length } from '../../lib/domain/utf8.js'

const failed = new Error('failed')

test('what is there at once stays at once, what is to come stays to come', async t => {
  const twice = andThen(
    E.right(2),
    E.map(n => n * 2),
  )
  t.deepEqual(twice, E.right(4))
  const later = andThen(
    Promise.resolve(E.right(2)),
    E.map(n => n * 2),
  )
  t.true(later instanceof Promise)
  t.deepEqual(await later, E.right(4))
  t.deepEqual(await andThen(E.right(2), async () => E.left(conflict('no'))), E.left(conflict('no')))
})

test('an attempt yields what was thrown or rejected', async t => {
  t.deepEqual(
    attempt(() => 1),
    E.right(1),
  )
  t.deepEqual(
    attempt(() => {
      throw failed
    }),
    E.left(internalError('failed', failed)),
  )
  t.deepEqual(await attempt(async () => 1), E.right(1))
  t.deepEqual(await attempt(() => Promise.reject(conflict('no'))), E.left(conflict('no')))
  t.deepEqual(await settle(Promise.reject(failed)), E.left(internalError('failed', failed)))
})

test('an outcome is a TaskEither for those who want one', async t => {
  t.deepEqual(await toTaskEither(() => E.right(1))(), E.right(1))
  t.deepEqual(await toTaskEither(async () => E.right(1))(), E.right(1))
})

test('anything with a then is pending', t => {
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about.
  const thenable = { then: (f: (value: number) => void) => f(1) }
  // biome-ignore lint/suspicious/noThenProperty: and data that only has the name is none.
  const data = { then: 'later' }
  t.deepEqual([Promise.resolve(), thenable, data, null, undefined, 'then', {}].map(isPending), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ])
})

test('a text is as long in UTF-8 as its bytes are', t => {
  t.deepEqual(
    ['', 'a', 'é', '€', '😀', '\ud800', '\ude00a', '\ud800\ud800\udc00'].map(utf8Length),
    [0, 1, 2, 3, 4, 3, 4, 7],
  )
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      text => utf8Length(text) === Buffer.byteLength(text),
    ),
    { numRuns: 500 },
  )
})
