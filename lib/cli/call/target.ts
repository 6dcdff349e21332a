import { statSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { defaultSocket } from '../../domain/host.js'
import type { PluginError } from '../../index.js'
import { type RunningPlugin, startBinary } from '../../testing/index.js'
import { type CliError, failure } from '../cli-error.js'
import { withRunnable } from '../entry.js'
import type { Terminal } from '../terminal.js'

/** A plugin to call: one that runs, or one that was started for the call. */
export interface Target {
  readonly path: string
  readonly started: RunningPlugin | undefined
}

/**
 * Uses the plugin at a path, which is its socket or its file. A file is started as the host does
 * and stopped afterwards. With `verbose` its log is shown.
 */
export const withTarget = <A>(
  place: string,
  terminal: Terminal,
  verbose: true | undefined,
  use: (target: Target) => TaskEither<CliError, A>,
): TaskEither<CliError, A> => {
  const looked = E.tryCatch(() => statSync(place, { throwIfNoEntry: false }), E.toError)
  if (E.isLeft(looked))
    return TE.left(failure(`${place} cannot be used: ${looked.left.message}`, HINT))
  if (looked.right === undefined) return TE.left(failure(`${place} does not exist`, HINT))
  if (looked.right.isSocket()) return use({ path: place, started: undefined })
  return withRunnable(place, ({ file }) =>
    TE.bracket(
      start(place, file, terminal),
      started => use({ path: started.path, started }),
      started =>
        TE.fromTask(async () => {
          await started.stop()
          if (verbose) terminal.note(started.stderr().trimEnd())
        }),
    ),
  )
}

const HINT =
  "Name a plugin's file, or the socket of a plugin that runs, such as " +
  `${defaultSocket('<id>')}.`

const start =
  (place: string, file: string, terminal: Terminal): TaskEither<CliError, RunningPlugin> =>
  async () => {
    const progress = terminal.progress(`Starting ${place}`)
    const env =
      process.env.TORU_DATA_DIR === undefined ? {} : { TORU_DATA_DIR: process.env.TORU_DATA_DIR }
    const result = await startBinary(file, { cwd: process.cwd(), env })()
    progress.done(
      E.isLeft(result)
        ? `${place} did not start`
        : `${place} listens after ${Math.round(result.right.socketAfter)} ms`,
    )
    return pipe(result, E.mapLeft(unstarted))
  }

const unstarted = ({ message }: PluginError): CliError =>
  failure(
    message,
    message.includes('EACCES')
      ? 'Make the file executable with chmod +x.'
      : 'Run it by hand to see more.',
  )
