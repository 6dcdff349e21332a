import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { defaultSocket } from '../../domain/host.js'
import { type RunningPlugin, startBinary } from '../../testing/index.js'
import { type CliError, failure } from '../cli-error.js'
import { startHint } from '../describe.js'
import { runnable } from '../entry.js'
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
  return pipe(
    runnable(place, terminal),
    TE.chain(file =>
      TE.bracket(
        start(file, terminal),
        started => use({ path: started.path, started }),
        started =>
          TE.fromTask(async () => {
            await started.stop()
            if (verbose) terminal.note(started.stderr().trimEnd())
          }),
      ),
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

const start = (file: string, terminal: Terminal): TaskEither<CliError, RunningPlugin> => {
  const { TORU_DATA_DIR } = process.env
  const env = TORU_DATA_DIR === undefined ? {} : { TORU_DATA_DIR }
  return pipe(
    terminal.progress(`Starting ${file}`, () => startBinary(file, { cwd: process.cwd(), env })),
    TE.mapLeft(({ message }) => unstarted(file, message)),
  )
}

const unstarted = (file: string, message: string): CliError =>
  failure(
    message,
    /\bE(ACCES|NOENT|NOEXEC)\b/.test(message)
      ? startHint(file, /\bE[A-Z]+\b/.exec(message)?.[0])
      : 'Does it end with registerPlugin(new MyPlugin())? Run it by hand to see more.',
  )
