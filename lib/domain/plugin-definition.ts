import type * as t from 'io-ts'
import type { PluginMetadata } from './metadata.js'

/** What `@Plugin` takes besides the metadata. */
export interface PluginOptions<C = unknown> {
  /**
   * A codec over the environment, given to handlers as `ctx.config`. Values are text, from `<id>/config.json` beside the plugin's file (numbers and
   * booleans there count as their text), overridden by environment variables of the same name. What does not fit ends the start with exit code 78.
   */
  readonly config?: t.Type<C, unknown, unknown>
  /** Milliseconds until a request is answered with 504, 1 to 25,000. 10,000 unless said; the host gives up at 30,000. */
  readonly httpTimeout?: number
  /** Milliseconds until a KV operation is answered with `null`, 1 to 4,500. 3,000 unless said; the host gives up at 5,000. */
  readonly kvTimeout?: number
  /** The longest body, in bytes of UTF-8, that a body codec is given; a longer one is answered with 413. 1,048,576 (1 MiB) unless said. */
  readonly bodyLimit?: number
  /** Whether handlers may see the host's own session cookie. False unless said: with it a plugin could act as the user who is logged in. */
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
  forwardSessionCookie: false,
} as const

/** The bounds of the options that are numbers. */
export const BOUNDS = {
  httpTimeout: { least: 1, most: 25_000, unit: 'milliseconds' },
  kvTimeout: { least: 1, most: 4_500, unit: 'milliseconds' },
  bodyLimit: { least: 0, most: 16_777_216, unit: 'bytes' },
} as const
