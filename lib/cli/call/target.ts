import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { defaultSocket } from '../../domain/host.js'
import { type RunningPlugin, startBinary } from '../../testing/index.js'
import { type CliError, failure } from '../cli-error.js'
import { startHint } from '../describe.js'
import { withRunnable } from '../entry.js'
import { pathArgument, type Wanted } from '../path-argument.js'
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
  const kind = pathArgument(place, WANTED)
  if (E.isLeft(kind)) return TE.left(kind.left)
  if (kind.right === 'socket') return use({ path: place, started: undefined })
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

const WANTED: Wanted = {
  kinds: ['file', 'socket'],
  names: /\.([cm]?[jt]sx?|binary)$/,
  expected:
    "Name a plugin's file, or the socket of a plugin that runs, such as " +
    `${defaultSocket('<id>')}.`,
}

const start = (
  place: string,
  file: string,
  terminal: Terminal,
): TaskEither<CliError, RunningPlugin> => {
  const { TORU_DATA_DIR } = process.env
  const env = TORU_DATA_DIR === undefined ? {} : { TORU_DATA_DIR }
  return pipe(
    terminal.progress(`Starting ${place}`, () => startBinary(file, { cwd: process.cwd(), env })),
    // TypeScript is compiled into a file that nobody knows.
    TE.mapLeft(({ message }) => unstarted(place, message.replaceAll(file, place))),
  )
}

const unstarted = (place: string, message: string): CliError =>
  failure(
    message,
    /\bE(ACCES|NOENT|NOEXEC)\b/.test(message)
      ? startHint(place, /\bE[A-Z]+\b/.exec(message)?.[0])
      : 'Does it end with registerPlugin(new MyPlugin())? Run it by hand to see more.',
  )
