import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { KvStore } from '../../domain/kv.js'
import { toPluginError } from '../../domain/plugin-error.js'
import { byUtf8 } from '../key-order.js'
import { withLimits } from '../limits.js'

/** A store in a `Map`, with the limits of all stores: what `memoryKv` loads. */
export const memoryStore = (): KvStore => withLimits(inMemory())

const inMemory = (): KvStore => {
  const values = new Map<string, string>()
  const keys = (prefix: string): ReadonlyArray<string> =>
    [...values.keys()].filter(key => key.startsWith(prefix)).sort(byUtf8)
  return {
    get: key => async () => E.right(O.fromNullable(values.get(key))),
    set: (key, value) => async () => E.right(void values.set(key, value)),
    delete: key => async () => E.right(void values.delete(key)),
    keys:
      (prefix = '') =>
      async () =>
        E.right(keys(prefix)),
    entries:
      (prefix = '') =>
      async () =>
        E.right(keys(prefix).map(key => [key, values.get(key) ?? ''] as const)),
    update: (key, f) => async () => {
      const next = E.tryCatch(() => f(O.fromNullable(values.get(key))), toPluginError)
      if (E.isLeft(next)) return next
      if (O.isSome(next.right)) values.set(key, next.right.value)
      else values.delete(key)
      return next
    },
    clear: () => async () => E.right(values.clear()),
  }
}
