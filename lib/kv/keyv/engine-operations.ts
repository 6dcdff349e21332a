import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import { Eq as stringEq } from 'fp-ts/lib/string.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvStore } from '../../domain/kv.js'
import { type PluginError, toPluginError } from '../../domain/plugin-error.js'
import { byUtf8 } from '../key-order.js'
import type { CompareAndSet, KeyvEngine, KeyvLike } from './engine.js'
import { serializerOf } from './serializer.js'

/** Where and how values are kept. */
export interface EngineOptions {
  /** What stands before every key, with a colon between. */
  readonly namespace: string
  readonly engine: KeyvEngine
  /** How a value is replaced atomically, or why it cannot be. */
  readonly compareAndSet: Either<PluginError, CompareAndSet>
}

/**
 * The operations on an engine until a signal is aborted. Where the engine fails they reject with
 * its own error, for `withDeadline` to turn into a value.
 */
export const engineOperations = (
  keyv: KeyvLike,
  { namespace, engine, compareAndSet }: EngineOptions,
): ((signal: AbortSignal) => KvStore) => {
  const { encode, decode } = serializerOf(keyv)
  const full = (key: string): string => `${namespace}:${key}`
  const stored =
    <A>(f: () => Promise<A>): TaskEither<PluginError, A> =>
    async () =>
      E.right(await f())

  const keys = async (prefix: string, signal: AbortSignal): Promise<ReadonlyArray<string>> =>
    (await engine.keys(full(prefix), signal))
      .map(key => key.slice(namespace.length + 1))
      .filter(key => key !== '')
      .sort(byUtf8)

  const entries = async (
    prefix: string,
    signal: AbortSignal,
  ): Promise<Either<PluginError, ReadonlyArray<readonly [string, string]>>> => {
    const found: Array<readonly [string, string]> = []
    const names = await keys(prefix, signal)
    const texts = await inBatches(names, key => engine.get(full(key), signal))
    for (const [index, key] of names.entries()) {
      const value = await decode(key, texts[index])()
      if (E.isLeft(value)) return value
      // A key can be removed between the listing and the reading.
      if (O.isSome(value.right)) found.push([key, value.right.value])
    }
    return E.right(found)
  }

  const update = async (
    key: string,
    f: (current: Option<string>) => Option<string>,
    replace: CompareAndSet,
    signal: AbortSignal,
  ): Promise<Either<PluginError, Option<string>>> => {
    for (let conflicts = 0; ; conflicts++) {
      const text = await engine.get(full(key), signal)
      const current = await decode(key, text)()
      if (E.isLeft(current)) return current
      const next = E.tryCatch(() => f(current.right), toPluginError)
      if (E.isLeft(next) || sameValue(current.right, next.right)) return next
      const nextText = await encodeOption(key, next.right)()
      if (E.isLeft(nextText)) return nextText
      signal.throwIfAborted()
      if (await replace(full(key), text, O.toUndefined(nextText.right), signal)) return next
      await backOff(conflicts)
    }
  }
  const encodeOption = (
    key: string,
    value: Option<string>,
  ): TaskEither<PluginError, Option<string>> =>
    pipe(
      value,
      O.traverse(TE.ApplicativeSeq)(text => encode(key, text)),
    )

  return signal => ({
    get: key =>
      pipe(
        stored(() => engine.get(full(key), signal)),
        TE.chain(text => decode(key, text)),
      ),
    set: (key, value) =>
      pipe(
        encode(key, value),
        TE.chain(text => stored(() => engine.set(full(key), text, signal))),
      ),
    delete: key => stored(() => engine.delete(full(key), signal)),
    keys: (prefix = '') => stored(() => keys(prefix, signal)),
    entries:
      (prefix = '') =>
      () =>
        entries(prefix, signal),
    update: (key, f) =>
      pipe(
        TE.fromEither(compareAndSet),
        TE.chain(replace => () => update(key, f, replace, signal)),
      ),
    clear: () =>
      stored(async () => {
        await inBatches(await keys('', signal), key => engine.delete(full(key), signal))
      }),
  })
}

const sameValue = O.getEq(stringEq).equals

/** Enough to keep the connection busy without filling the memory with what waits. */
const BATCH = 100

const inBatches = async <A, B>(
  items: ReadonlyArray<A>,
  f: (item: A) => Promise<B>,
): Promise<ReadonlyArray<B>> => {
  const results: B[] = []
  for (let from = 0; from < items.length; from += BATCH) {
    for (const result of await Promise.all(items.slice(from, from + BATCH).map(f)))
      results.push(result)
  }
  return results
}

const LONGEST_PAUSE_MS = 50

/** No pause at the first conflict, then random ones, so that those who collided do not again. */
const backOff = (conflicts: number): Promise<void> | undefined =>
  conflicts === 0
    ? undefined
    : new Promise(resolve =>
        setTimeout(resolve, Math.random() * Math.min(2 ** conflicts, LONGEST_PAUSE_MS)),
      )
