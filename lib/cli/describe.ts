import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { PluginDescription } from '../domain/plugin-description.js'
import { type AskFailure, askFailureText } from '../plugin-process/ask-plugin.js'
import { descriptionOf } from '../plugin-process/description.js'
import { commandFor } from '../plugin-process/spawn-process.js'
import { pagePath } from './cli-command.js'
import { type CliError, failure } from './cli-error.js'
import { commandLine } from './guess.js'

const TIMEOUT = 20_000

/**
 * What a plugin's file prints for `--describe`. `timeout` in milliseconds. The failure says what
 * the plugin did instead, and what to do.
 */
export const describe = (
  file: string,
  timeout: number = TIMEOUT,
): TaskEither<CliError, PluginDescription> =>
  pipe(
    descriptionOf(commandFor(file), { timeout }),
    TE.mapLeft(reason => failure(`${file}: ${askFailureText(reason)}`, hintFor(file, reason))),
  )

const hintFor = (name: string, reason: AskFailure): string =>
  reason._tag === 'NotStarted'
    ? startHint(name, reason.cause.code)
    : /\.binary$/.test(name)
      ? 'Plugins made with toru-plugin-api know --describe; others print the same JSON to be ' +
        `understood by this command: see ${pagePath('cli.md')}.`
      : 'Its last line must be registerPlugin(new MyPlugin()).'

/** What to do about a file that cannot be started, by the code of the error. */
export const startHint = (name: string, code: string | undefined): string => {
  switch (code) {
    case 'EACCES':
      return `If it is a plugin, make it executable: chmod +x ${commandLine([name])}`
    case 'ENOEXEC':
      return 'Is it a program for this machine, or a script whose first line begins with #!?'
    default:
      return 'Is the program in its first line (#!) installed?'
  }
}
