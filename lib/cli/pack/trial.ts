import { cp, link, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { askFailureText, askPlugin } from '../../plugin-process/ask-plugin.js'
import { commandFor } from '../../plugin-process/spawn-process.js'
import { requestOnce } from '../../protocol.js'
import { withPlugin } from '../../testing/index.js'
import { type CliError, failure } from '../cli-error.js'
import type { Described } from './describe.js'
import { attempt, inTemporaryFolder } from './files.js'

/** A run of a packed plugin as a host runs it. Times are in milliseconds. */
export interface Trial {
  /** The median time of `--metadata`. */
  readonly metadataMs: number
  /** From the start of the process to the first accepted connection. */
  readonly socketMs: number
  readonly request: {
    readonly method: string
    readonly path: string
    readonly status: number
    readonly ms: number
  }
}

/** How often, and for how long in milliseconds, `--metadata` is run at most. */
const METADATA_RUNS = 9
const METADATA_TIME = 300

/**
 * Runs a packed plugin in an empty folder as a host would: copies its file and its folder, compares
 * `--metadata` with the plugin's own output, and sends one request.
 */
export const tryOut = (file: string, described: Described): TaskEither<CliError, Trial> =>
  inTemporaryFolder(folder =>
    pipe(
      copied(file, described.metadata.id, folder),
      TE.chain(copy =>
        pipe(
          metadataTime(copy, described.metadataText, folder),
          TE.chain(metadataMs =>
            pipe(
              serving(copy, described, folder),
              TE.map(served => ({ metadataMs, ...served })),
            ),
          ),
        ),
      ),
    )(),
  )

const copied = (file: string, id: string, folder: string): TaskEither<CliError, string> =>
  attempt(`${file} cannot be copied`, async () => {
    const copy = join(folder, 'plugins', basename(file))
    await mkdir(join(folder, 'plugins'))
    // A link is as good as a copy, and a file with Node.js in it is large.
    await link(file, copy).catch(() => cp(file, copy))
    await cp(join(file, '..', id), join(folder, 'plugins', id), {
      recursive: true,
      force: true,
    }).catch(() => undefined)
    return copy
  })

const metadataTime =
  (file: string, expected: string, folder: string): TaskEither<CliError, number> =>
  async () => {
    const times: number[] = []
    const begun = performance.now()
    while (
      times.length < METADATA_RUNS &&
      (times.length === 0 || performance.now() - begun < METADATA_TIME)
    ) {
      const printed = await pipe(
        askPlugin(commandFor(file), '--metadata', { cwd: folder }),
        TE.mapLeft(askFailureText),
        TE.filterOrElse(
          ({ stdout }) => stdout === expected,
          ({ stdout }) =>
            `it prints ${JSON.stringify(stdout)}; expected ${JSON.stringify(expected)}`,
        ),
        TE.mapLeft(reason =>
          failure(
            `--metadata of the packed file fails: ${reason}`,
            'Make the metadata the same in every run, and print nothing before registerPlugin.',
          ),
        ),
      )()
      if (E.isLeft(printed)) return printed
      times.push(printed.right.ms)
    }
    return E.right(times.sort((a, b) => a - b)[times.length >> 1] ?? 0)
  }

const serving = (
  file: string,
  { routes }: Described,
  folder: string,
): TaskEither<CliError, Omit<Trial, 'metadataMs'>> => {
  const path =
    routes.find(({ method, params }) => method === 'GET' && params.length === 0)?.path ?? '/'
  return pipe(
    withPlugin(
      file,
      plugin => {
        const begun = performance.now()
        return pipe(
          requestOnce(plugin.path, { method: 'GET', path }),
          TE.map(({ status }) => ({
            socketMs: plugin.socketAfter,
            request: { method: 'GET', path, status, ms: performance.now() - begun },
          })),
        )
      },
      { cwd: folder, env: { TORU_NODE: process.env.TORU_NODE ?? process.execPath } },
    ),
    TE.mapLeft(({ message }) =>
      failure(
        `the packed plugin does not serve: ${message}`,
        /exit code 78/.test(message)
          ? 'It needs its configuration to start: set the environment variables, or pack ' +
              'with --no-run.'
          : 'Pack with --no-run to keep the file and look at it.',
      ),
    ),
  )
}
