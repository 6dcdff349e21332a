import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../domain/context.js'
import type { KvStore } from '../domain/kv.js'
import type { PluginError } from '../domain/plugin-error.js'

/** What a store learns from the plugin that it belongs to: an author names a store before any of this is known. */
export interface KvPlace {
  /** The plugin's id, as in its metadata. */
  readonly pluginId: string
  readonly log: Logger
  /** Milliseconds that one operation may wait for a lock, or for the store to open. */
  readonly deadlineMs: number
  /** The environment, for `TORU_DATA_DIR` and `XDG_STATE_HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A store that holds something open, such as a file. */
export interface ClosableKvStore extends KvStore {
  /** Finishes the writes that were begun and lets go of the file. A later use opens it again. */
  readonly close: TaskEither<PluginError, void>
}

/**
 * A store that is still to be given its place: what `sqliteKv(…)` and `hostKv(…)` yield, and what `memoryKv` is (`kv: memoryKv`). An author's own store may
 * be one too, to get at the plugin's id and log.
 */
export type KvProvider = (place: KvPlace) => KvStore & { readonly close?: TaskEither<PluginError, void> }

/**
 * The store that an author named, in its place: a provider is given the place, a finished store stays as it is. Nothing is opened yet. The methods are bound,
 * so that a store may be an object of a class.
 */
export const storeAt = (place: KvPlace, named: KvProvider | KvStore): ClosableKvStore => {
  const store: ReturnType<KvProvider> = typeof named === 'function' ? named(place) : named
  return {
    get: key => store.get(key),
    set: (key, value) => store.set(key, value),
    delete: key => store.delete(key),
    keys: prefix => store.keys(prefix),
    entries: prefix => store.entries(prefix),
    update: (key, f) => store.update(key, f),
    clear: () => store.clear(),
    close: store.close ?? TE.right(undefined),
  }
}
