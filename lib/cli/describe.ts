import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import { PluginMetadata } from '../index.js'
import { commandFor } from '../testing/index.js'
import { type CliError, failure } from './cli-error.js'

const CodecDescription = t.intersection(
  [
    t.type({ name: t.string, schema: t.union([t.UnknownRecord, t.null]) }),
    t.partial({ reason: t.string }),
  ],
  'CodecDescription',
)
/**
 * A codec of a plugin: its name and its JSON Schema; `null` and the reason where its structure
 * cannot be seen.
 */
export type CodecDescription = t.TypeOf<typeof CodecDescription>

const RouteDescription = t.type(
  {
    method: t.string,
    path: t.string,
    handler: t.string,
    params: t.array(t.string),
    codecs: t.partial({
      params: CodecDescription,
      query: CodecDescription,
      headers: CodecDescription,
      body: CodecDescription,
      response: CodecDescription,
    }),
  },
  'RouteDescription',
)
/** A route of a plugin, as its `--describe` prints it. */
export type RouteDescription = t.TypeOf<typeof RouteDescription>

/**
 * What a plugin says of itself when it is run with `--describe`. Plugins in any language may print
 * it; what is not known here is ignored.
 */
export const PluginDescription = t.type(
  {
    describe: t.literal(1),
    metadata: PluginMetadata,
    routes: t.array(RouteDescription),
    kv: t.array(
      t.type({ key: t.string, handler: t.string, codec: t.union([CodecDescription, t.null]) }),
    ),
    onInit: t.array(t.string),
    onShutdown: t.array(t.string),
    every: t.array(t.type({ handler: t.string, interval: t.string, ms: t.number })),
    options: t.UnknownRecord,
    config: t.union([CodecDescription, t.null]),
  },
  'PluginDescription',
)
export type PluginDescription = t.TypeOf<typeof PluginDescription>

const PATIENCE = 20_000
const UNKNOWN =
  'Plugins made with toru-plugin-api know --describe; others print the same JSON to be understood by this command: see docs/cli.md.'

/**
 * Runs a plugin's file with `--describe` and reads what it prints. The left side says what the
 * plugin did instead: could not be run, did not end, ended with an error, printed something else.
 */
export const describe = (
  file: string,
  patience: number = PATIENCE,
): TaskEither<CliError, PluginDescription> =>
  pipe(
    () => ran(file, patience),
    TE.chainEitherK(stdout => parsed(file, stdout)),
    TE.chainEitherK(json =>
      pipe(
        PluginDescription.decode(json),
        E.mapLeft(errors =>
          failure(
            `what ${file} prints for --describe is no description: ${reasons(errors)}`,
            UNKNOWN,
          ),
        ),
      ),
    ),
  )

const MOST_REASONS = 3

const reasons = (errors: t.Errors): string =>
  PathReporter.report(E.left(errors.slice(0, MOST_REASONS))).join('; ')

const parsed = (file: string, stdout: string): E.Either<CliError, unknown> =>
  E.tryCatch(
    () => JSON.parse(stdout),
    () =>
      failure(
        `${file} does not know --describe: expected JSON on its stdout, got ${stdout === '' ? 'nothing' : JSON.stringify(stdout.slice(0, 100))}`,
        UNKNOWN,
      ),
  )

/**
 * A plugin that does not know the argument may start to serve: then it does so on a socket and with
 * data of its own, and is stopped.
 */
const ran = (file: string, patience: number): Promise<E.Either<CliError, string>> =>
  new Promise(resolve => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'toru-describe-'))
    const [command, ...args] = commandFor(file)
    const child = spawn(command, [...args, '--describe'], {
      env: {
        ...process.env,
        TORU_PLUGIN_SOCKET: join(folder, 'plugin.sock'),
        TORU_DATA_DIR: join(folder, 'data'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const written = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        written[name] += text
      })
    }
    const settle = (result: E.Either<CliError, string>): void => {
      clearTimeout(timer)
      rmSync(folder, { recursive: true, force: true })
      resolve(result)
    }
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
      // A process that it leaves behind may hold the other ends of the pipes.
      child.stdout.destroy()
      child.stderr.destroy()
    }, patience)
    child.once('error', (cause: NodeJS.ErrnoException) => settle(E.left(unstartable(file, cause))))
    child.once('close', (code, signal) => {
      if (late)
        settle(
          E.left(
            failure(
              `${file} does not know --describe: expected JSON and an end, it ran for ${patience / 1000} s`,
              UNKNOWN,
            ),
          ),
        )
      else if (code === 0) settle(E.right(written.stdout))
      else
        settle(
          E.left(
            failure(
              `${file} --describe ended with ${signal ?? `exit code ${code}`}${lastWords(written.stderr)}`,
              UNKNOWN,
            ),
          ),
        )
    })
  })

const unstartable = (file: string, cause: NodeJS.ErrnoException): CliError =>
  failure(
    `${file} cannot be started: ${cause.message}`,
    cause.code === 'EACCES'
      ? `Make it executable: chmod +x ${file}`
      : 'Is the program in its first line (#!) installed?',
  )

const lastWords = (stderr: string): string =>
  stderr.trim() === '' ? '' : `; it wrote: ${stderr.trim().slice(-500)}`
