import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import { conflict, internalError } from '../../lib/domain/plugin-error.js'
import * as P from '../../lib/domain/program.js'
import fc from '../support/properties.js'
import { laws, outcome, sameOutcome } from './laws.js'

const ENVIRONMENTS = [0, 1, -7]
const PROGRAM = 'spec/Program'

// A program with its environment fixed is a type constructor of one parameter, as an outcome is.
declare module 'fp-ts/HKT.js' {
  interface URItoKind<A> {
    readonly [PROGRAM]: P.Program<number, A>
  }
}

const program: fc.Arbitrary<P.Program<number, number>> = fc.func(outcome)
const sameProgram = async <A>(a: P.Program<number, A>, b: P.Program<number, A>): Promise<boolean> =>
  (await Promise.all(ENVIRONMENTS.map(r => sameOutcome(a(r), b(r))))).every(Boolean)

for (const [name, property] of laws<typeof PROGRAM>({
  Monad: { ...P.Monad, URI: PROGRAM },
  FromEither: { ...P.FromEither, URI: PROGRAM },
  value: program,
  same: sameProgram,
})) {
  test(`programs keep the law ${name}`, async t => {
    await fc.assert(property)
    t.pass()
  })
}

const { fromIO, fromTask } = P.FromTask

test('an IO and a Task as programs keep of, map and chain, and a Task of an IO is that IO', async t => {
  const f = fc.func(fc.integer())
  await fc.assert(
    fc.asyncProperty(fc.integer(), f, f, async (a, ab, bc) => {
      const io = () => a
      const task = T.fromIO(io)
      const laws = [
        sameProgram(fromIO(io), P.of(a)),
        sameProgram(
          fromIO(() => ab(io())),
          pipe(fromIO(io), P.map(ab)),
        ),
        sameProgram(fromTask(task), fromIO(io)),
        sameProgram(fromTask(pipe(task, T.map(ab))), pipe(fromTask(task), P.map(ab))),
        sameProgram(
          fromTask(
            pipe(
              task,
              T.chain(b => T.of(bc(ab(b)))),
            ),
          ),
          pipe(
            fromTask(task),
            P.chain(b => fromTask(T.of(bc(ab(b))))),
          ),
        ),
      ]
      return (await Promise.all(laws)).every(Boolean)
    }),
  )
  t.pass()
})

test('what an IO throws and a Task rejects with is the left side', async t => {
  const failed = new Error('failed')
  const thrower = (): never => {
    throw failed
  }
  t.deepEqual(P.fromIO(thrower)(0), E.left(internalError('failed', failed)))
  t.deepEqual(
    await P.fromTask(() => Promise.reject(conflict('taken')))(0),
    E.left(conflict('taken')),
  )
})

test('a program does nothing before it is run', t => {
  let runs = 0
  const counted = pipe(
    P.fromIO<number, number>(() => ++runs),
    P.map(n => n + 1),
    P.chain(n => P.of(n)),
    P.chainStep((n, r) => E.right(n + r)),
  )
  t.is(runs, 0)
  t.deepEqual([counted(10), counted(20)], [E.right(12), E.right(23)])
})

test('a step is an arrow that takes its environment with its value', async t => {
  await fc.assert(
    fc.asyncProperty(program, fc.func(outcome), fc.func(outcome), async (ma, first, second) => {
      const steps = pipe(ma, P.chainStep(first), P.chainStep(second))
      return (
        (await sameProgram(
          steps,
          pipe(
            ma,
            P.chain(a => r => first(a, r)),
            P.chain(b => r => second(b, r)),
          ),
        )) && sameProgram(steps, pipe(ma, P.chainStep(pipe(first, P.composeStep(second)))))
      )
    }),
  )
  t.pass()
})

test('only a result that is still to come is pending', async t => {
  await fc.assert(
    fc.asyncProperty(program, fc.integer(), async (ma, r) => {
      const seen: unknown[] = []
      const result = pipe(
        ma,
        P.whenPending((pending, environment: number) => {
          seen.push(environment)
          return pending
        }),
      )(r)
      const expected = ma(r) instanceof Promise ? [r] : []
      return (await sameOutcome(result, ma(r))) && String(seen) === String(expected)
    }),
  )
  t.pass()
})

test('match maps both sides to a value, at once if the result is there', async t => {
  const told = P.match(
    (error, r: number) => `${error.message} in ${r}`,
    (n: number, r) => `${n} in ${r}`,
  )
  t.deepEqual([told(P.of(1))(2), told(() => E.left(conflict('no')))(3)], ['1 in 2', 'no in 3'])
  t.is(await told(P.fromTask(T.of(1)))(2), '1 in 2')
})
