import type { Clock } from '../domain/clock.js'
import type { Logger, PluginContext } from '../domain/context.js'
import type { HttpMessage, KvMessage } from '../domain/message.js'
import type { Outcome } from '../domain/outcome.js'
import type { PluginError } from '../domain/plugin-error.js'
import type { Program } from '../domain/program.js'

/** What the programs of the core need from the outside. `lib/runtime` makes the real ones. */
export interface Capabilities {
  readonly log: Logger
  readonly clock: Clock
  /** The context, once `@OnInit` has run; it starts `@OnInit` where nothing else has. */
  readonly ready: () => Outcome<PluginContext>
  /**
   * Told what went wrong behind an answer: a client does not learn of everything, and the author's
   * tests do.
   */
  readonly onFailure?: (message: HttpMessage | KvMessage, error: PluginError) => void
}

/** The environment that every program runs in. */
export interface Environment {
  readonly capabilities: Capabilities
}

/** Waits for `@OnInit`: every program begins with it. */
export const ready: Program<Environment, PluginContext> = ({ capabilities }) => capabilities.ready()
