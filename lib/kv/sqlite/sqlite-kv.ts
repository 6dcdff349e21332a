import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { lazyStore } from '../store.js'
import type { SqliteKvOptions } from './provider.js'

export type { SqliteKvOptions } from './provider.js'

/**
 * The embedded store: one SQLite file a plugin, opened on first use. An acknowledged write survives
 * `kill -9` and loss of power.
 *
 * Two processes may share the file. A damaged file is moved aside and a new one created. A full or
 * read-only disk, or a lock that is held past the deadline, is an error value, and reads go on.
 * Errors: `Io`, `Timeout`, and `InvalidRequest` for a key or a value beyond the limits.
 */
export const sqliteKv =
  (options: SqliteKvOptions = {}) =>
  (place: KvPlace): ClosableKvStore =>
    lazyStore(() =>
      import('./provider.js').then(({ sqliteProvider }) => sqliteProvider(options, place)),
    )
