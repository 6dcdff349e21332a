import type { PluginError } from 'toru-plugin-api'
import type { RTE, TE } from 'toru-plugin-api/fp'

/** A program, its arguments, and the milliseconds after which it is killed. */
export interface Command {
  readonly program: 'systemctl' | 'journalctl'
  readonly args: ReadonlyArray<string>
  readonly deadline: number
}

/** The result of a command that ended by itself, or was ended for its long output (`cut`). */
export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly cut: boolean
}

/** The machine, as far as this plugin is concerned. */
export interface System {
  /**
   * Runs a command until the signal is aborted. `NotInitialized` (503) if the program is missing,
   * `Timeout` if it takes too long, `Io` if somebody else killed it. A command that fails is an
   * {@link Output} with its exit code.
   */
  readonly run: (command: Command, signal: AbortSignal) => TE.TaskEither<PluginError, Output>
  /** Microseconds on the clock of systemd's `…Monotonic` timestamps. */
  readonly now: () => number
}

/** A request's view of the machine: its commands end with the request. */
export interface Session extends System {
  readonly signal: AbortSignal
}

/** A program that asks systemd. */
export type Systemd<A> = RTE.ReaderTaskEither<Session, PluginError, A>
