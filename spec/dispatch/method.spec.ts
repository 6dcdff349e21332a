import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as RTE from 'fp-ts/lib/ReaderTaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { Get, Plugin } from '../../decorators/index.js'
import { methodStep } from '../../lib/dispatch/method.js'
import type { PluginContext } from '../../lib/domain/context.js'
import { conflict, internalError, type PluginError } from '../../lib/domain/plugin-error.js'
import { METADATA, running } from './harness.js'

@Plugin(METADATA)
class Notes {}
const { context } = running(new Notes())
const failed = new Error('failed')
const taken = conflict('taken')
// biome-ignore lint/suspicious/noThenProperty: a thenable is one of the forms.
const thenable = { then: (f: (value: number) => void) => f(1) }

const AT_ONCE: ReadonlyArray<
  readonly [name: string, returns: () => unknown, result: E.Either<PluginError, unknown>]
> = [
  ['a value', () => 1, E.right(1)],
  ['nothing', () => undefined, E.right(undefined)],
  ['null', () => null, E.right(null)],
  ['a right', () => E.right(1), E.right(1)],
  ['a left', () => E.left(taken), E.left(taken)],
  ['a left that is no PluginError', () => E.left(failed), E.left(internalError('failed', failed))],
  ['data with a _tag', () => ({ _tag: 'Right' }), E.right({ _tag: 'Right' })],
  [
    'data with a _tag and more',
    () => ({ _tag: 'Left', left: 1, top: 2 }),
    E.right({ _tag: 'Left', left: 1, top: 2 }),
  ],
  ['an Error', () => failed, E.left(internalError('failed', failed))],
  ['an error that a constructor made', () => taken, E.left(taken)],
  ['data that looks like such an error', () => ({ ...taken }), E.right({ ...taken })],
  ['an Error on the right side', () => E.right(failed), E.left(internalError('failed', failed))],
  ['such an error on the right side', () => E.right(taken), E.left(taken)],
  [
    'an Either of an Either',
    () => E.right(E.left(taken)),
    E.left(internalError('the handler returned an Either of an Either: flatten it')),
  ],
  [
    'a program on the right side, which nobody would run,',
    () => E.right(TE.right(1)),
    E.left(
      internalError(
        'the handler returned a function on the right side of an Either, which is not run: await the program, or return it as it is',
      ),
    ),
  ],
  [
    'a promise on the right side, for which nobody would wait,',
    () => E.right(thenable),
    E.left(
      internalError(
        'the handler returned a promise on the right side of an Either, which is not awaited: await the program, or return it as it is',
      ),
    ),
  ],
  ['data of another tag', () => ({ _tag: 'Some', value: 1 }), E.right({ _tag: 'Some', value: 1 })],
  [
    'a function that returns a function that returns a function',
    () => () => () => () => 1,
    E.left(internalError('the handler returned a function that is no TaskEither')),
  ],
]

for (const [name, returns, result] of AT_ONCE) {
  test(`${name} is there at once, without a promise`, t => {
    t.deepEqual(methodStep(returns)(undefined, context), result)
  })
}

const THROWN: ReadonlyArray<readonly [name: string, thrown: unknown, error: PluginError]> = [
  ['an Error', failed, internalError('failed', failed)],
  ['a PluginError', taken, taken],
  ['a string', 'text', internalError('text', 'text')],
  ['null', null, { _tag: 'Internal', message: 'null', cause: null }],
  ['undefined', undefined, internalError('undefined')],
]

for (const [name, thrown, error] of THROWN) {
  test(`${name} that is thrown or rejected is the left side`, async t => {
    const thrower = () => {
      throw thrown
    }
    t.deepEqual(methodStep(thrower)(undefined, context), E.left(error))
    t.deepEqual(methodStep(() => thrower)(undefined, context), E.left(error))
    t.deepEqual(await methodStep(() => Promise.reject(thrown))(undefined, context), E.left(error))
    t.deepEqual(
      await methodStep(() => () => Promise.reject(thrown))(undefined, context),
      E.left(error),
    )
    t.deepEqual(
      await methodStep(async () => {
        throw thrown
      })(undefined, context),
      E.left(error),
    )
  })
}

const LATER: ReadonlyArray<
  readonly [name: string, returns: () => unknown, result: E.Either<PluginError, unknown>]
> = [
  ['a promise', async () => 1, E.right(1)],
  ['a promise of an Either', async () => E.left(taken), E.left(taken)],
  ['a promise of an Error', async () => failed, E.left(internalError('failed', failed))],
  ['a promise of an error that a constructor made', async () => taken, E.left(taken)],
  ['a promise of data with a _tag', async () => ({ _tag: 'Left' }), E.right({ _tag: 'Left' })],
  [
    'a promise of a function, which nobody would run,',
    async () => TE.right(1),
    E.left(
      internalError(
        'the handler returned a promise of a function, which is not run: await the program, or return it as it is',
      ),
    ),
  ],
  ['a thenable', () => thenable, E.right(1)],
  ['a promise of a thenable', async () => thenable, E.right(1)],
  ['a TaskEither that is right', () => TE.right(1), E.right(1)],
  ['a TaskEither that is left', () => TE.left(taken), E.left(taken)],
  ['a TaskEither of an Error', () => TE.right(failed), E.left(internalError('failed', failed))],
  [
    'a TaskEither of a TaskEither',
    () => TE.right(TE.right(1)),
    E.left(
      internalError(
        'the handler returned a function on the right side of an Either, which is not run: await the program, or return it as it is',
      ),
    ),
  ],
  ['a TaskEither of a thenable', () => () => thenable, E.right(1)],
  ['a ReaderTaskEither', () => RTE.asks((ctx: PluginContext) => ctx.metadata.id), E.right('notes')],
  ['a ReaderTaskEither that is left', () => RTE.left(taken), E.left(taken)],
]

for (const [name, returns, result] of LATER) {
  test(`${name} is waited for`, async t => {
    const outcome = methodStep(returns)(undefined, context)
    t.true(outcome instanceof Promise)
    t.deepEqual(await outcome, result)
  })
}

test('a program is run once', async t => {
  let runs = 0
  await methodStep(() => async () => E.right(runs++))(undefined, context)
  await methodStep(() => () => async () => E.right(runs++))(undefined, context)
  t.is(runs, 2)
})

test('a synchronous handler costs no promise, from the message to its answer', t => {
  const answers = [() => 1, () => E.right(1), () => E.left(taken)].map(returns => {
    @Plugin(METADATA)
    class Synchronous {
      @Get('/')
      one(): unknown {
        return returns()
      }
    }
    return running(new Synchronous()).ask()
  })
  t.deepEqual(
    answers.map(answer => (answer instanceof Promise ? 'a promise' : answer.status)),
    [200, 200, 409],
  )
})
