import { EXIT, type ExitCode } from './exit-code.js'

/**
 * Why a command could not do its work: what was expected and what came, what to do, and the exit
 * code.
 */
export interface CliError {
  readonly message: string
  /** What to do about it, as a sentence. */
  readonly hint: string | undefined
  readonly code: ExitCode
}

/** Something could not be done. */
export const failure = (message: string, hint?: string): CliError => ({
  message,
  hint,
  code: EXIT.failed,
})

/** The command line is wrong. */
export const usageError = (message: string, hint?: string): CliError => ({
  message,
  hint,
  code: EXIT.usage,
})
