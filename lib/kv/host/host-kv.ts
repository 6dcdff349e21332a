import { resolve } from 'node:path'
import { HOST_DATABASE } from '../../domain/host.js'
import type { ClosableKvStore, KvPlace } from '../../domain/kv-provider.js'
import { lazyStore } from '../store.js'
import type { HostKvOptions } from './provider.js'

export type { HostKvOptions } from './provider.js'

/**
 * The host's own table, in which the browser's `api.kv` stores: what one writes the other reads
 * (docs/protocol.md#interface).
 *
 * The store touches only the rows of its plugin, and neither the schema nor the journal mode. A
 * missing file or table is an `Io` error that says which. While the host holds the lock, operations
 * wait until the deadline (`Timeout`).
 */
export const hostKv =
  (options: HostKvOptions = {}) =>
  (place: KvPlace): ClosableKvStore => {
    // Resolved now, because the plugin may change its working directory later.
    const path = resolve(options.path ?? HOST_DATABASE)
    return lazyStore(() =>
      import('./provider.js').then(({ hostProvider }) => hostProvider({ ...options, path }, place)),
    )
  }
