import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore } from '../../domain/kv-provider.js'
import type { PluginError } from '../../domain/plugin-error.js'
import { keyedQueue } from '../keyed-queue.js'
import { withLimits } from '../limits.js'
import { isWrite, storeOf } from '../store.js'
import { withDeadline } from './deadline.js'
import type { KeyvLike } from './engine.js'
import { type EngineOptions, engineOperations } from './engine-operations.js'

/**
 * A store over an engine, in Keyv's serialization. The writes to one key, and `clear`, run in the
 * order in which they were begun. Every operation takes at most `deadlineMs` milliseconds, and a
 * write does not begin after its caller was told that it failed.
 */
export const keyvStore = (
  keyv: KeyvLike,
  options: EngineOptions,
  deadlineMs: number,
): ClosableKvStore => {
  const { engine } = options
  const operationsUntil = engineOperations(keyv, options)
  const queue = keyedQueue()

  const run =
    <A>(
      writes: boolean,
      f: (signal: AbortSignal) => TaskEither<PluginError, A>,
      key?: string,
    ): TaskEither<PluginError, A> =>
    () => {
      const limit = { name: engine.name, writes, deadlineMs, at: performance.now() + deadlineMs }
      const begin = withDeadline(limit, f)
      return writes ? queue.next(begin, key) : begin()
    }

  const store = storeOf((call, perform) =>
    run(
      isWrite(call),
      signal => perform(operationsUntil(signal)),
      'key' in call ? call.key : undefined,
    ),
  )
  return {
    ...withLimits(store),
    close: run(true, signal => async () => E.right(await engine.close(signal))),
    check: pipe(
      run(false, signal => operationsUntil(signal).get('')),
      TE.map(() => undefined),
    ),
  }
}
