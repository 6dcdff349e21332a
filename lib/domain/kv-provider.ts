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

/** What a store may have besides its operations. */
export interface KvStoreControl {
  /** Finishes the writes that have begun and closes the file. A later use opens it again. */
  readonly close: TaskEither<PluginError, void>
  /**
   * Finds out whether the store can work, and changes nothing that is stored. A plugin that starts
   * runs it once and logs the error, whose message may hold paths: no client sees it.
   */
  readonly check: TaskEither<PluginError, void>
}

/** A store that holds something open, such as a file. */
export interface ClosableKvStore extends KvStore, KvStoreControl {}

/**
 * Makes a store for a plugin. `sqliteKv(…)` and `hostKv(…)` yield one, and `memoryKv` is one (`kv:
 * memoryKv`). Write one of your own if your store needs the plugin's id or log.
 */
export type KvProvider = (place: KvPlace) => KvStore & Partial<KvStoreControl>
