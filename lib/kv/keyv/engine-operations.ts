import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import { Eq as stringEq } from 'fp-ts/lib/string.js'
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
      const value = await decode(key, texts[index])
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
      const current = await decode(key, text)
      if (E.isLeft(current)) return current
      const next = E.tryCatch(() => f(current.right), toPluginError)
      if (E.isLeft(next) || sameValue(current.right, next.right)) return next
      const nextText = O.isSome(next.right)
        ? await encode(key, next.right.value)
        : E.right(undefined)
      if (E.isLeft(nextText)) return nextText
      signal.throwIfAborted()
      if (await replace(full(key), text, nextText.right, signal)) return next
      await backOff(conflicts)
    }
  }

  return signal => ({
    get: key => async () => decode(key, await engine.get(full(key), signal)),
    set: (key, value) => async () => {
      const text = await encode(key, value)
      return E.isLeft(text) ? text : E.right(await engine.set(full(key), text.right, signal))
    },
    delete: key => async () => E.right(await engine.delete(full(key), signal)),
    keys:
      (prefix = '') =>
      async () =>
        E.right(await keys(prefix, signal)),
    entries:
      (prefix = '') =>
      () =>
        entries(prefix, signal),
    update: (key, f) => async () =>
      E.isLeft(compareAndSet) ? compareAndSet : update(key, f, compareAndSet.right, signal),
    clear: () => async () => {
      await inBatches(await keys('', signal), key => engine.delete(full(key), signal))
      return E.right(undefined)
    },
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
