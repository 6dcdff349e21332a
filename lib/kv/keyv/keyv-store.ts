import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore } from '../../domain/kv-provider.js'
import { type PluginError, serializationError, toPluginError } from '../../domain/plugin-error.js'
import { byUtf8 } from '../key-order.js'
import { withLimits } from '../limits.js'
import { byDeadline } from './deadline.js'
import type { CompareAndSet, KeyvEngine, KeyvLike } from './engine.js'
import { keyTurns } from './key-queue.js'

/** Where a store keeps what. */
export interface KeyvStoreOptions {
  /** What stands before every key, with a colon between. */
  readonly namespace: string
  /** Milliseconds that one operation may take. */
  readonly deadlineMs: number
  readonly engine: KeyvEngine
  /** How a value is replaced atomically, or why it cannot be. */
  readonly compareAndSet: Either<PluginError, CompareAndSet>
}

/**
 * A store over an engine, in Keyv's serialization. The writes to one key, and `clear`, happen in
 * the order in which they were begun. A write that is late is not begun after its caller was told
 * that it failed.
 */
export const keyvStore = (
  keyv: KeyvLike,
  { namespace, deadlineMs, engine, compareAndSet }: KeyvStoreOptions,
): ClosableKvStore => {
  const turns = keyTurns()
  const full = (key: string): string => `${namespace}:${key}`

  const encode = async (key: string, value: string): Promise<Either<PluginError, string>> => {
    const text = await serialized(() => keyv.serializeData({ value }))
    return E.isRight(text) && typeof text.right === 'string'
      ? E.right(text.right)
      : E.left(
          serializationError(
            `This Keyv does not turn the value for ${JSON.stringify(key)} into text.`,
            E.isLeft(text) ? text.left : undefined,
          ),
        )
  }
  const decode = async (
    key: string,
    text: string | undefined,
  ): Promise<Either<PluginError, Option<string>>> => {
    if (text === undefined) return E.right(O.none)
    const data = await serialized(() => keyv.deserializeData(text))
    return E.isRight(data) && typeof data.right?.value === 'string'
      ? E.right(O.some(data.right.value))
      : E.left(
          serializationError(
            `What is stored under ${JSON.stringify(key)} is no text of this Keyv.`,
            E.isLeft(data) ? data.left : undefined,
          ),
        )
  }

  const read =
    <A>(f: (signal: AbortSignal) => Promise<Either<PluginError, A>>): TaskEither<PluginError, A> =>
    () =>
      byDeadline(
        { name: engine.name, deadlineMs, writes: false },
        performance.now() + deadlineMs,
        f,
      )
  const write =
    <A>(
      key: string | undefined,
      f: (signal: AbortSignal) => Promise<Either<PluginError, A>>,
    ): TaskEither<PluginError, A> =>
    () => {
      const deadline = performance.now() + deadlineMs
      const run = (): Promise<Either<PluginError, A>> =>
        byDeadline({ name: engine.name, deadlineMs, writes: true }, deadline, f)
      return key === undefined ? turns.alone(run) : turns.next(key, run)
    }

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
      // A key may go between the list and the look.
      if (O.isSome(value.right)) found.push([key, value.right.value])
    }
    return E.right(found)
  }

  const change = async (
    key: string,
    f: (current: Option<string>) => Option<string>,
    replace: CompareAndSet,
    signal: AbortSignal,
  ): Promise<Either<PluginError, Option<string>>> => {
    for (let conflicts = 0; ; conflicts++) {
      const stored = await engine.get(full(key), signal)
      const current = await decode(key, stored)
      if (E.isLeft(current)) return current
      const next = E.tryCatch(() => f(current.right), toPluginError)
      if (E.isLeft(next) || sameText(current.right, next.right)) return next
      const text = O.isSome(next.right) ? await encode(key, next.right.value) : E.right(undefined)
      if (E.isLeft(text)) return text
      signal.throwIfAborted()
      if (await replace(full(key), stored, text.right, signal)) return next
      await pause(conflicts)
    }
  }

  return {
    ...withLimits({
      get: key => read(async signal => decode(key, await engine.get(full(key), signal))),
      keys: (prefix = '') => read(async signal => E.right(await keys(prefix, signal))),
      entries: (prefix = '') => read(signal => entries(prefix, signal)),
      set: (key, value) =>
        write(key, async signal => {
          const text = await encode(key, value)
          return E.isLeft(text) ? text : E.right(await engine.set(full(key), text.right, signal))
        }),
      delete: key => write(key, async signal => E.right(await engine.delete(full(key), signal))),
      update: (key, f) =>
        write(key, async signal =>
          E.isLeft(compareAndSet) ? compareAndSet : change(key, f, compareAndSet.right, signal),
        ),
      clear: () =>
        write(undefined, async signal => {
          await inBatches(await keys('', signal), key => engine.delete(full(key), signal))
          return E.right(undefined)
        }),
    }),
    close: write(undefined, async signal => E.right(await engine.close(signal))),
  }
}

const serialized = <A>(f: () => Promise<A>): Promise<Either<unknown, A>> =>
  f().then(
    value => E.right(value),
    reason => E.left(reason),
  )

const sameText = O.getEq<string>({ equals: (a, b) => a === b }).equals

/**
 * So many at a time that neither the connection stands idle nor the memory is filled with what
 * waits.
 */
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

const LONGEST_PAUSE = 50

/**
 * None at the first conflict; then of a random length, so that those who collided do not collide
 * again.
 */
const pause = (conflicts: number): Promise<void> | undefined =>
  conflicts === 0
    ? undefined
    : new Promise(resolve =>
        setTimeout(resolve, Math.random() * Math.min(2 ** conflicts, LONGEST_PAUSE)),
      )
