import { PathReporter } from 'io-ts/lib/PathReporter.js'
import { PluginDescription } from '../domain/plugin-description.js'
import { E, pipe, TE, type t } from '../fp.js'
import { type AskFailure, type AskOptions, askJson, unusable } from './ask-plugin.js'
import type { Command } from './spawn-process.js'

/** How many reasons are told why something is no description. */
const MAX_REASONS = 3

/** What a plugin prints for `--describe`. */
export const descriptionOf = (
  command: Command,
  options?: AskOptions,
): TE.TaskEither<AskFailure, PluginDescription> =>
  pipe(
    askJson(command, '--describe', options),
    TE.chainEitherK(({ json }) =>
      pipe(
        PluginDescription.decode(json),
        E.mapLeft(errors =>
          unusable(`what it prints for --describe is no description: ${reasons(errors)}`),
        ),
      ),
    ),
  )

const reasons = (errors: t.Errors): string =>
  PathReporter.report(E.left(errors.slice(0, MAX_REASONS))).join('; ')
