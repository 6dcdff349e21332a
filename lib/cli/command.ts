import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { CliCommand } from './cli-command.js'
import { type CliError, failure } from './cli-error.js'
import type { ExitCode } from './exit-code.js'
import type { Terminal } from './terminal.js'

/** The work of a command. It yields the exit code. */
export type Work = TaskEither<CliError, ExitCode>

/** What a command is given. */
export interface Cli {
  readonly program: CliCommand
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
  (
    terminal: Terminal,
    exit: (code: ExitCode) => void,
    platform: string = process.platform,
  ): Cli['run'] =>
  async work => {
    const result = platform === 'win32' ? E.left(NOT_ON_WINDOWS) : await work()
    if (E.isLeft(result)) terminal.problem(result.left)
    exit(E.isLeft(result) ? result.left.code : result.right)
  }

const NOT_ON_WINDOWS = failure(
  'plugins listen on Unix sockets, which Node.js does not have on Windows',
  'Run the same command in WSL: https://learn.microsoft.com/windows/wsl/install',
)
