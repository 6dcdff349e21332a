import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Logger } from './context.js'
import type { KvStore } from './kv.js'
import type { PluginError } from './plugin-error.js'

/**
 * What a store learns of the plugin that it belongs to. An author names a store before any of this
 * is known.
 */
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
  /** Finishes the writes that have begun and closes the file. A later use opens it again. */
  readonly close: TaskEither<PluginError, void>
}

/**
 * Makes a store for a plugin. `sqliteKv(…)` and `hostKv(…)` yield one, and `memoryKv` is one (`kv:
 * memoryKv`). Write one of your own if your store needs the plugin's id or log.
 */
export type KvProvider = (
  place: KvPlace,
) => KvStore & { readonly close?: TaskEither<PluginError, void> }
