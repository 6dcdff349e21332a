import { internalError, ioError } from '../../domain/plugin-error.js'
import { hasMethods, type KeyvAdapter, type KeyvEngine, type KeyvLike } from './engine.js'

/**
 * The `Map` of a Keyv without an adapter. No other process has it, so nothing comes between reading
 * and writing.
 */
export const mapEngine = (values: Map<unknown, unknown>): KeyvEngine => ({
  name: 'the Map of this Keyv',
  get: async key => textOf(values.get(key)),
  set: async (key, text) => void values.set(key, text),
  delete: async key => void values.delete(key),
  keys: async prefix =>
    [...values.keys()].filter(key => typeof key === 'string').filter(key => key.startsWith(prefix)),
  compareAndSet: async (key, expected, next) => {
    if (values.get(key) !== expected) return false
    if (next === undefined) values.delete(key)
    else values.set(key, next)
    return true
  },
  close: async () => {},
})

/**
 * Any adapter, by the methods that all have: it cannot compare and set, and it cannot take back
 * what it has begun. Keyv's own methods are passed by, for they swallow failures, shorten some keys
 * and clear what is not theirs.
 */
export const adapterEngine = (
  keyv: KeyvLike,
  store: KeyvAdapter,
  namespace: string,
): KeyvEngine => {
  const name = store.constructor.name
  const watched = watcher(store)
  const get = async (key: string): Promise<string | undefined> => textOf(await store.get(key))
  const set = async (key: string, text: string): Promise<void> => {
    if ((await store.set(key, text)) === false)
      await Promise.reject(ioError(`${name} did not store the value.`))
  }
  return {
    name,
    get: (key, signal) => watched(signal, () => get(key)),
    set: (key, text, signal) => watched(signal, () => set(key, text)),
    delete: (key, signal) => watched(signal, async () => void (await store.delete(key))),
    keys: async (prefix, signal) => {
      if (!hasMethods(store, 'iterator') || !canList(store)) return Promise.reject(noList(name))
      // No plugin has a key without characters: this one proves that what the adapter lists is what
      // it stores, and stays.
      const mark = `${namespace}:`
      const listed = await watched(signal, async () => {
        if ((await get(mark)) === undefined)
          await set(mark, String(await keyv.serializeData({ value: '' })))
        return list(store.iterator(namespace), signal)
      })
      if (!listed.delete(mark)) return Promise.reject(noList(name))
      return [...listed].filter(key => key.startsWith(prefix))
    },
    close: () => keyv.disconnect(),
  }
}

/**
 * Some adapters tell of a failure by an event alone, and yield nothing as if there were nothing:
 * one event fails whatever is under way.
 */
const watcher = (store: KeyvAdapter) => {
  let failures = 0
  let latest: unknown
  if (hasMethods(store, 'on'))
    store.on('error', (error: unknown) => {
      failures++
      latest = error
    })
  return async <A>(signal: AbortSignal, operation: () => Promise<A>): Promise<A> => {
    signal.throwIfAborted()
    const before = failures
    const result = await operation()
    return failures === before ? result : Promise.reject(latest)
  }
}

const list = async (entries: unknown, signal: AbortSignal): Promise<Set<string>> => {
  const keys = new Set<string>()
  if (!isAsyncIterable(entries)) return keys
  for await (const entry of entries) {
    signal.throwIfAborted()
    if (Array.isArray(entry) && typeof entry[0] === 'string') keys.add(entry[0])
  }
  return keys
}

const isAsyncIterable = (u: unknown): u is AsyncIterable<unknown> =>
  typeof u === 'object' && u !== null && Symbol.asyncIterator in u

/** `@keyv/valkey` without sets stores under other keys than it lists. */
const canList = (store: object): boolean =>
  !('opts' in store && Object(store.opts).useRedisSets === false)

const noList = (name: string) =>
  internalError(
    `keys, entries and clear are not possible: ${name} does not list the keys that it stores. @keyv/redis, @keyv/postgres and others do.`,
  )

const textOf = (stored: unknown): string | undefined | Promise<never> =>
  stored === undefined || stored === null
    ? undefined
    : typeof stored === 'string'
      ? stored
      : Promise.reject(ioError('The engine holds something that is no text.'))
