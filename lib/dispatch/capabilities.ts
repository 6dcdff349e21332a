import type { Logger, PluginContext } from '../domain/context.js'
import type { HttpMessage, KvMessage } from '../domain/message.js'
import type { Outcome } from '../domain/outcome.js'
import type { PluginError } from '../domain/plugin-error.js'

/**
 * Time, as the core needs it. The shell gives a monotonic clock; tests give one that they move by
 * hand.
 */
export interface Clock {
  /** Milliseconds since some fixed moment, never going backwards. */
  readonly now: () => number
  /**
   * Calls `f` once after `ms` milliseconds, unless the function that it returns is called first.
   */
  readonly after: (ms: number, f: () => void) => () => void
}

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

/**
 * A program of the core: a `ReaderTaskEither<Capabilities, PluginError, A>`, except that an answer
 * which is there at once comes as the plain `Either`. A request costs a few microseconds here, and
 * a promise with its turn of the microtask queue would be a good part of that.
 */
export type Program<A> = (capabilities: Capabilities) => Outcome<A>
