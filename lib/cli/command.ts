import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { CliError } from './cli-error.js'
import type { ExitCode } from './exit-code.js'
import type { Terminal } from './terminal.js'

/** The work of a command. It yields the exit code. */
export type Work = TaskEither<CliError, ExitCode>

/** What a command is given. */
export interface Cli {
  readonly program: Command
  readonly terminal: Terminal
  /** Runs a command's work, shows its error, and sets the exit code. */
  readonly run: (work: Work) => Promise<void>
}

/**
 * Adds a command to the program. Its action imports what is heavy, so that `--help` and the other
 * commands start fast.
 */
export type AddCommand = (cli: Cli) => void

/** Runs a command's work: see {@link Cli}. `exit` is called with the exit code. */
export const runner =
  (terminal: Terminal, exit: (code: ExitCode) => void): Cli['run'] =>
  async work => {
    const result = await work()
    if (E.isLeft(result)) terminal.problem(result.left)
    exit(E.isLeft(result) ? result.left.code : result.right)
  }
