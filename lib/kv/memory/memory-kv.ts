import type { KvStore } from '../../domain/kv.js'
import { lazyStore } from '../lazy-store.js'

/**
 * A store in the plugin's own memory: it is empty at every start. For tests, and for plugins that
 * keep nothing. It refuses what the other stores refuse: see `withLimits`.
 */
export const memoryKv = (): KvStore =>
  lazyStore(() => import('./memory-store.js').then(({ memoryStore }) => memoryStore()))
