import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { CliError } from './cli-error.js'
import type { ExitCode } from './exit-code.js'
import type { Terminal } from './terminal.js'

/**
 * What a command does: its work as a program that yields an exit code, or why it could not be done.
 */
export type Work = TaskEither<CliError, ExitCode>

/** What commands are given. */
export interface Cli {
  readonly program: Command
  readonly terminal: Terminal
  /** Runs a command's work, shows why it failed, and keeps the exit code for the end. */
  readonly run: (work: Work) => Promise<void>
}

/**
 * Adds one command to the program. Its heavy parts are imported by its action, so that `--help` and
 * the other commands start fast.
 */
export type AddCommand = (cli: Cli) => void

/** Runs works for a process: the exit code is told to `exit`. */
export const runner =
  (terminal: Terminal, exit: (code: ExitCode) => void): Cli['run'] =>
  async work => {
    const result = await work()
    if (E.isLeft(result)) terminal.problem(result.left)
    exit(E.isLeft(result) ? result.left.code : result.right)
  }
