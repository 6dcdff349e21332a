import { EXIT, type ExitCode } from './exit-code.js'

/** Why a command failed: what was expected, what came, what to do, and the exit code. */
export interface CliError {
  readonly message: string
  /** What to do, as a sentence. */
  readonly hint: string | undefined
  readonly code: ExitCode
}

/** An error of a command that could not do its work. */
export const failure = (message: string, hint?: string): CliError => ({
  message,
  hint,
  code: EXIT.failed,
})

/** The same, for something thrown, whose message says why: `what: why`. */
export const failureOf = (what: string, thrown: unknown, hint?: string): CliError =>
  failure(`${what}: ${messageOf(thrown)}`, hint)

/** The message of something thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

/** An error of a wrong command line. */
export const usageError = (message: string, hint?: string): CliError => ({
  message,
  hint,
  code: EXIT.usage,
})
