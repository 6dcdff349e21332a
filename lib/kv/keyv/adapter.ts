import { internalError, ioError } from '../../domain/plugin-error.js'
import { hasMethods, type KeyvAdapter, type KeyvEngine, type KeyvLike } from './engine.js'

/** The `Map` of a Keyv without an adapter. No other process has it, so nobody interferes. */
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
 * Any adapter, through the methods that all of them have. It cannot compare and set, and cannot
 * cancel what it has begun. Keyv's own methods are not used, because they swallow failures, shorten
 * some keys and clear the keys of others.
 */
export const adapterEngine = (
  keyv: KeyvLike,
  store: KeyvAdapter,
  namespace: string,
): KeyvEngine => {
  const name = store.constructor.name
  const failing = onErrorEvent(store)
  const get = async (key: string): Promise<string | undefined> => textOf(await store.get(key))
  const set = async (key: string, text: string): Promise<void> => {
    if ((await store.set(key, text)) === false)
      await Promise.reject(ioError(`${name} did not store the value.`))
  }
  return {
    name,
    get: (key, signal) => failing(signal, () => get(key)),
    set: (key, text, signal) => failing(signal, () => set(key, text)),
    delete: (key, signal) => failing(signal, async () => void (await store.delete(key))),
    keys: async (prefix, signal) => {
      if (!hasMethods(store, 'iterator') || !canList(store)) return Promise.reject(noList(name))
      // No plugin has an empty key. This one stays, and proves that the adapter lists what it
      // stores.
      const mark = `${namespace}:`
      const listed = await failing(signal, async () => {
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
 * Some adapters report a failure only by an event, and yield nothing as if nothing were stored. One
 * event fails every operation that is running.
 */
const onErrorEvent = (store: KeyvAdapter) => {
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

/** `@keyv/valkey` without sets stores other keys than it lists. */
const canList = (store: object): boolean =>
  !('opts' in store && Object(store.opts).useRedisSets === false)

const noList = (name: string) =>
  internalError(
    `keys, entries and clear are not possible: ${name} does not list the keys that it stores. ` +
      '@keyv/redis, @keyv/postgres and others do.',
  )

const textOf = (stored: unknown): string | undefined | Promise<never> =>
  stored === undefined || stored === null
    ? undefined
    : typeof stored === 'string'
      ? stored
      : Promise.reject(ioError('The engine holds something that is no text.'))
