import type { Option } from 'fp-ts/lib/Option.js'
import type { Clock } from './clock.js'
import type { Kv } from './kv.js'
import type { PluginMetadata } from './metadata.js'

/** Writes one entry: a message, or fields and a message. */
export interface LogMethod {
  (message: string): void
  (fields: Readonly<Record<string, unknown>>, message: string): void
}

/**
 * The plugin's log, with a method for each level of the host's log viewer. The host keeps the
 * message, the level and the text of a field `error` (docs/protocol.md#logs). Other fields show in
 * a terminal and in `log_path`.
 */
export interface Logger {
  readonly trace: LogMethod
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
}

/**
 * What a handler gets besides its request.
 *
 * `C` is the type of `config`: the output of the `config` codec that `@Plugin` was given.
 */
export interface PluginContext<C = unknown> {
  /**
   * The host's name for this installation, from its `init` message or `TORU_INSTANCE_ID`, if there
   * is one.
   */
  readonly instanceId: Option<string>
  /** The plugin's own key-value store. */
  readonly kv: Kv
  readonly log: Logger
  /** A clock for measuring and waiting. In a test it is the clock that the test moves. */
  readonly clock: Clock
  readonly config: C
  readonly metadata: PluginMetadata
}
