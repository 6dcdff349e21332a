import type * as t from 'io-ts'
import { MAX_FRAME_BYTES } from './host.js'
import type { KvStore } from './kv.js'
import type { KvProvider } from './kv-provider.js'
import type { PluginMetadata } from './metadata.js'

/** What `@Plugin` takes besides the metadata. */
export interface PluginOptions<C = unknown> {
  /**
   * A codec over the environment, given to handlers as `ctx.config`. Values are text, from
   * `<id>/config.json` beside the plugin's file (numbers and booleans there count as their text),
   * overridden by environment variables of the same name. What does not fit ends the start with
   * exit code 78.
   */
  readonly config?: t.Type<C, unknown, unknown>
  /**
   * Milliseconds until a request is answered with 504, 1 to 25,000. 10,000 unless said; the host
   * gives up at 30,000.
   */
  readonly httpTimeout?: number
  /**
   * Milliseconds until a KV operation is answered with `null`, 1 to 4,500. 3,000 unless said; the
   * host gives up at 5,000.
   */
  readonly kvTimeout?: number
  /**
   * The longest body, in bytes of UTF-8, that a body codec is given; a longer one is answered with
   * 413. 1,048,576 (1 MiB) unless said.
   */
  readonly bodyLimit?: number
  /**
   * How many connections there may be at once, 8 to 100,000; 512 unless said. Past it the newcomer
   * takes the place of one that has sent no message.
   */
  readonly maxConnections?: number
  /**
   * How many requests of one connection may be under way at once, 1 to 100,000; 256 unless said.
   * Past it the connection is not read.
   */
  readonly maxInFlight?: number
  /**
   * How many bytes all connections may keep in memory together: half messages, and answers that are
   * not read. 67,108,864 (64 MiB) unless said.
   */
  readonly maxBuffered?: number
  /**
   * Milliseconds that a message may take to arrive, the first from the beginning of its connection.
   * 10,000 unless said.
   */
  readonly frameTimeout?: number
  /**
   * Milliseconds after which a connection is closed on which nothing happens. 300,000 (5 minutes)
   * unless said.
   */
  readonly idleTimeout?: number
  /**
   * Milliseconds for which the event loop may be blocked, 1,000 to 600,000; 20,000 unless said.
   * Past it the stack of the code that blocks it is logged, and the process is killed, so that it
   * can be started again. Not while a debugger can attach. 0 turns this off, and saves the memory
   * of its thread (about 12 MB).
   */
  readonly stallTimeout?: number
  /**
   * Where `ctx.kv` keeps its keys: `sqliteKv()` unless said, `hostKv()` for the host's own table,
   * `keyvKv(keyv)`, `memoryKv()`, or a store of your own. The environment variable `TORU_KV`
   * (`sqlite`, `memory` or `host`) goes before it.
   */
  readonly kv?: KvProvider | KvStore
  /**
   * Whether handlers may see the host's own session cookie. False unless said: with it a plugin
   * could act as the user who is logged in.
   */
  readonly forwardSessionCookie?: boolean
}

/** A plugin's metadata and options, as `@Plugin` was given them. */
export interface PluginDefinition {
  readonly metadata: PluginMetadata
  readonly options: Omit<PluginOptions, 'config'> & { readonly config?: t.Mixed }
}

/** Every option that has a default, with its value. */
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

/** An option that is a number. */
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

/** The options of a plugin, every one with a default filled in. */
export type ResolvedOptions = Readonly<Record<NumericOption, number>> & {
  readonly forwardSessionCookie: boolean
  readonly config: t.Mixed | undefined
  readonly kv: KvProvider | KvStore | undefined
}
