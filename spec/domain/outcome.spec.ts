import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as Oc from '../../lib/domain/outcome.js'
import { andThen, attempt, isPending, settle, toTaskEither } from '../../lib/domain/outcome.js'
import { conflict, internalError, toPluginError } from '../../lib/domain/plugin-error.js'
import fc from '../support/properties.js'
import { laws, outcome, sameOutcome, unknownEither } from './laws.js'

const failed = new Error('failed')

for (const [name, property] of laws<Oc.URI>({
  Monad: Oc.Monad,
  FromEither: Oc.FromEither,
  value: outcome,
  same: sameOutcome,
})) {
  test(`outcomes keep the law ${name}`, async t => {
    await fc.assert(property)
    t.pass()
  })
}

test('a left that is no PluginError becomes one, and one that is stays as it is', async t => {
  t.deepEqual(Oc.fromEither(E.left(failed)), E.left(internalError('failed', failed)))
  t.deepEqual(Oc.fromEither(E.left(conflict('no'))), E.left(conflict('no')))
  await fc.assert(
    fc.asyncProperty(unknownEither, fa =>
      sameOutcome(Oc.fromEither(fa), E.mapLeft(toPluginError)(fa)),
    ),
  )
})

test('a result that is there stays there, and a pending one stays pending', async t => {
  const twice = Oc.map((n: number) => n * 2)
  t.deepEqual(twice(E.right(2)), E.right(4))
  t.true(twice(Promise.resolve(E.right(2))) instanceof Promise)
  await fc.assert(
    fc.asyncProperty(outcome, fc.func(outcome), async (fa, f) => {
      const seen: Oc.Outcome<number>[] = []
      const chained = pipe(
        fa,
        Oc.chain(a => {
          const next = f(a)
          seen.push(next)
          return next
        }),
      )
      const isLater = chained instanceof Promise
      await chained
      return isLater === [fa, ...seen].some(part => part instanceof Promise)
    }),
  )
})

test('match maps both sides to a value', async t => {
  const told = Oc.match(
    error => error.message,
    (n: number) => `${n}`,
  )
  t.deepEqual([told(E.right(1)), told(E.left(conflict('no')))], ['1', 'no'])
  t.is(await told(Promise.resolve(E.right(1))), '1')
})

test('andThen continues at once if the result is there', async t => {
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
