import type * as t from 'io-ts'
import { MAX_FRAME_BYTES } from './host.js'
import type { KvStore } from './kv.js'
import type { KvProvider } from './kv-provider.js'
import type { PluginMetadata } from './metadata.js'

/** The options of `@Plugin`. */
export interface PluginOptions<C = unknown> {
  /**
   * The codec of `ctx.config`. It decodes text: the values of `<id>/config.json` beside the
   * plugin's file (a number or a boolean counts as its text), overridden by environment variables
   * of the same names. If they do not fit, the plugin ends with exit code 78.
   */
  readonly config?: t.Type<C, unknown, unknown>
  /**
   * Milliseconds until a request is answered with 504: 1 to 25,000, so that the host still waits.
   * Default 10,000.
   */
  readonly httpTimeout?: number
  /**
   * Milliseconds until a KV operation is answered with `null`: 1 to 4,500, so that the host still
   * waits. Default 3,000.
   */
  readonly kvTimeout?: number
  /**
   * The longest body, in bytes of UTF-8, that a body codec decodes. A longer one is answered with
   * 413. Default 1,048,576 (1 MiB).
   */
  readonly bodyLimit?: number
  /**
   * The most connections at a time, 8 to 100,000. Default 512. One more replaces a connection that
   * has sent no message.
   */
  readonly maxConnections?: number
  /**
   * The most requests of one connection at a time, 1 to 100,000. Default 256. The connection is not
   * read until one of them is answered.
   */
  readonly maxInFlight?: number
  /**
   * The most bytes that all connections together keep in memory: incomplete messages, and answers
   * that the client does not read. Default 67,108,864 (64 MiB).
   */
  readonly maxBuffered?: number
  /**
   * Milliseconds that a message may take to arrive, the first one from the start of its connection.
   * Default 10,000.
   */
  readonly frameTimeout?: number
  /** Milliseconds after which an idle connection is closed. Default 300,000 (5 minutes). */
  readonly idleTimeout?: number
  /**
   * Milliseconds for which the event loop may be blocked, 1,000 to 600,000. Default 20,000. After
   * that the stack of the blocking code is logged, and the process is killed, so that it can be
   * restarted. Not while a debugger can attach. 0 turns this off, and saves the memory of its
   * thread (about 12 MB).
   */
  readonly stallTimeout?: number
  /**
   * The store of `ctx.kv`: `sqliteKv()` by default, `hostKv()` for the host's own table,
   * `keyvKv(keyv)`, `memoryKv()`, or a store of your own. The environment variable `TORU_KV`
   * (`sqlite`, `memory` or `host`) overrides it.
   */
  readonly kv?: KvProvider | KvStore
  /**
   * Whether handlers see the host's session cookie. Default false: with the cookie a plugin could
   * act as the user who is logged in.
   */
  readonly forwardSessionCookie?: boolean
}

/** The arguments of `@Plugin`. */
export interface PluginDefinition {
  readonly metadata: PluginMetadata
  readonly options: Omit<PluginOptions, 'config'> & { readonly config?: t.Mixed }
}

/** The defaults of the options. */
export const DEFAULTS = {
  httpTimeout: 10_000,
  kvTimeout: 3_000,
  bodyLimit: 1_048_576,
  maxConnections: 512,
  maxInFlight: 256,
  maxBuffered: 67_108_864,
  frameTimeout: 10_000,
  idleTimeout: 300_000,
  stallTimeout: 20_000,
  forwardSessionCookie: false,
} as const

/** The name of an option that is a number. */
export type NumericOption = keyof typeof BOUNDS

/** The bounds of the options that are numbers. */
export const BOUNDS = {
  httpTimeout: { least: 1, most: 25_000, unit: 'milliseconds' },
  kvTimeout: { least: 1, most: 4_500, unit: 'milliseconds' },
  bodyLimit: { least: 0, most: MAX_FRAME_BYTES, unit: 'bytes' },
  maxConnections: { least: 8, most: 100_000, unit: 'connections' },
  maxInFlight: { least: 1, most: 100_000, unit: 'requests' },
  maxBuffered: { least: MAX_FRAME_BYTES, most: 17_179_869_184, unit: 'bytes' },
  frameTimeout: { least: 100, most: 3_600_000, unit: 'milliseconds' },
  idleTimeout: { least: 1_000, most: 86_400_000, unit: 'milliseconds' },
  stallTimeout: { least: 1_000, most: 600_000, unit: 'milliseconds, or 0 for no watchdog', or: 0 },
} as const

/** The options of a plugin, with the defaults filled in. */
export type ResolvedOptions = Readonly<Record<NumericOption, number>> & {
  readonly forwardSessionCookie: boolean
  readonly config: t.Mixed | undefined
  readonly kv: KvProvider | KvStore | undefined
}
