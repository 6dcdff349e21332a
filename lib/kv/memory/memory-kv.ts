import type { KvStore } from '../../domain/kv.js'
import { lazyStore } from '../store.js'

/**
 * A store in the plugin's memory, which is empty at every start: for tests, and for plugins that
 * keep nothing. It has the limits of the other stores; see `withLimits`.
 */
export const memoryKv = (): KvStore =>
  lazyStore(() => import('./memory-store.js').then(({ memoryStore }) => memoryStore()))
