import type { Clock } from '../domain/clock.js'
import type { Logger, PluginContext } from '../domain/context.js'
import type { RequestMessage } from '../domain/message.js'
import type { Outcome } from '../domain/outcome.js'
import type { PluginError } from '../domain/plugin-error.js'
import type { Program } from '../domain/program.js'

/** What the programs of the core need from outside. `lib/runtime/compose.ts` gives it to them. */
export interface Capabilities {
  readonly log: Logger
  readonly clock: Clock
  /** The context, once `@OnInit` has succeeded. Starts `@OnInit` if nothing else has. */
  readonly ready: () => Outcome<PluginContext>
  /**
   * Called with the error behind an answer, for an author's tests: a client does not get all of it.
   */
  readonly onFailure?: (message: RequestMessage, error: PluginError) => void
}

/** The environment of every program. */
export interface Environment {
  readonly capabilities: Capabilities
}

/** The first step of every program: it waits for `@OnInit`. */
export const ready: Program<Environment, PluginContext> = ({ capabilities }) => capabilities.ready()
