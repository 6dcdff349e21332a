import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Kv, KvCell, KvStore } from '../domain/kv.js'
import type { PluginError } from '../domain/plugin-error.js'
import { encodeStored } from './cell-text.js'
import {
  type CellOwner,
  type CellParts,
  isHidden,
  keptKeys,
  readCell,
  readStored,
} from './cell-versions.js'
import { tryUpdate } from './store.js'

/**
 * A store with typed views of its keys: what a plugin gets as `ctx.kv`. It does not list the keys
 * under which values of other versions are kept.
 */
export const withCells = (store: KvStore, owner: CellOwner): Kv => ({
  ...store,
  keys: (prefix = '') =>
    pipe(
      store.keys(prefix),
      TE.map(keys => keys.filter(key => !isHidden(key, prefix))),
    ),
  entries: (prefix = '') =>
    pipe(
      store.entries(prefix),
      TE.map(entries => entries.filter(([key]) => !isHidden(key, prefix))),
    ),
  cell: (key, codec, { before = [] } = {}) => cellOf({ store, owner, key, codec, before }),
})

const cellOf = <A>(parts: CellParts<A>): KvCell<A> => {
  const { store, key, codec, before } = parts
  const get = readCell(parts)
  const set = (value: A): TaskEither<PluginError, void> =>
    pipe(
      TE.fromEither(encodeStored(key, codec, value)),
      TE.chain(text => store.set(key, text)),
    )
  const remove = store.delete(key)
  return {
    get,
    getOrElse: fallback => pipe(get, TE.map(O.getOrElse(fallback))),
    update: updater(parts, get),
    ...(before.length === 0
      ? { set, delete: remove }
      : {
          // What is of an older version is kept, also if nobody reads it before it is replaced.
          set: value =>
            pipe(
              get,
              TE.match(
                () => undefined,
                () => undefined,
              ),
              TE.fromTask,
              TE.chain(() => set(value)),
            ),
          delete: keptKeys(key).reduce(
            (removed, kept) =>
              pipe(
                removed,
                TE.chain(() => store.delete(kept)),
              ),
            remove,
          ),
        }),
  }
}

const updater =
  <A>(parts: CellParts<A>, get: TaskEither<PluginError, Option<A>>): KvCell<A>['update'] =>
  f => {
    const { store, key, codec } = parts
    const once = tryUpdate(store, key, stored => {
      const read = O.isSome(stored) ? readStored(parts, stored.value) : undefined
      // What is not of this version is settled first, outside of the update.
      if (read !== undefined && (E.isLeft(read) || read.right._tag === 'Older'))
        return E.right([O.none, stored])
      const value = f(
        read === undefined || read.right._tag === 'Older' ? O.none : O.some(read.right.value),
      )
      return pipe(
        encodeStored(key, codec, value),
        E.map(text => [O.some(value), O.some(text)]),
      )
    })
    const again: TaskEither<PluginError, A> = pipe(
      once,
      TE.chain(
        O.match(
          () =>
            pipe(
              get,
              TE.chain(() => again),
            ),
          value => TE.right(value),
        ),
      ),
    )
    return again
  }
