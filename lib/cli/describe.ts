import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { PluginDescription } from '../domain/plugin-description.js'
import { type AskFailure, askFailureText } from '../plugin-process/ask-plugin.js'
import { descriptionOf } from '../plugin-process/description.js'
import { commandFor } from '../plugin-process/spawn-process.js'
import { type CliError, failure } from './cli-error.js'

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

const hintFor = (file: string, reason: AskFailure): string => {
  if (reason._tag !== 'NotStarted')
    return (
      'Plugins made with toru-plugin-api know --describe; others print the same JSON to be ' +
      'understood by this command: see docs/cli.md.'
    )
  return reason.cause.code === 'EACCES'
    ? `Make it executable: chmod +x ${file}`
    : 'Is the program in its first line (#!) installed?'
}
