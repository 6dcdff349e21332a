import { messageOf } from '../domain/thrown.js'
import { EXIT, type ExitCode } from './exit-code.js'

/** Why a command failed: what was expected, what came, what to do, and the exit code. */
export interface CliError {
  readonly message: string
  /** What to do, as a sentence or a command. */
  readonly hint: string
  readonly code: ExitCode
}

/** An error of a command that could not do its work. */
export const failure = (message: string, hint: string): CliError => ({
  message,
  hint,
  code: EXIT.failed,
})

/** The same, for something thrown, whose message says why: `what: why`. */
export const failureOf = (what: string, thrown: unknown, hint = mendOf(thrown)): CliError =>
  failure(`${what}: ${messageOf(thrown)}`, hint)

/**
 * An error of a wrong command line. That is also a path that does not exist, or is not of the kind
 * that is wanted.
 */
export const usageError = (message: string, hint: string): CliError => ({
  message,
  hint,
  code: EXIT.usage,
})

const NOT_ALLOWED = 'Choose a place where you may write, or run this as the user who owns it.'
const IN_THE_WAY = 'A file is where a folder is needed: move it away, or choose another folder.'

/** What to do about the errors of the operating system that have one cause. */
const MENDS: Readonly<Record<string, string>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: 'The file system is read-only: choose another place.',
  ENOSPC: 'The disk is full: make room on it, or choose another place.',
  EDQUOT: 'Your quota is used up: make room, or choose another place.',
  ENOTDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
  EISDIR: 'A folder is where a file is needed: name a file in it, or another one.',
  ENOENT: 'Name a place that exists, below a folder that you may write to.',
  ENAMETOOLONG: 'Choose a shorter name.',
  ELOOP: 'A symlink leads back to itself: remove it, or choose another place.',
  EMFILE: 'Too many files are open: close programs, or raise the limit (ulimit -n).',
  ENFILE: 'Too many files are open on this machine: close programs.',
  ENOMEM: 'The memory is used up: close programs.',
  ETXTBSY: 'The file is running: stop its plugin first.',
}

/** What to do about something thrown. Whatever the operating system does not report is a bug. */
export const mendOf = (thrown: unknown): string =>
  (thrown instanceof Error && 'code' in thrown ? MENDS[String(thrown.code)] : undefined) ?? BUG

/** What to do about an error that should not be possible. */
export const BUG =
  'This looks like a bug in toru-plugin. NODE_DEBUG=toru-plugin shows more: please report that.'
