import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type DevHost, startHost } from '../../devhost/host.js'
import { developmentPolicy, faithfulPolicy } from '../../devhost/host-policy.js'
import { isLoopback } from '../../devhost/http/access.js'
import type { DialectName } from '../../protocol.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import { EXIT, type ExitCode } from '../exit-code.js'
import { findProject, type Project } from '../pack/project.js'
import { pathArgument } from '../path-argument.js'
import type { Terminal } from '../terminal.js'
import { sharedCompilers } from './shared-compilers.js'
import { type TerminalOutput, terminalOutput } from './terminal-output.js'
import { backendOf } from './watch-backend.js'
import { type DevProject, watchedProject } from './watch-project.js'

/** The options of `dev`. */
export interface DevOptions {
  readonly entries: ReadonlyArray<string>
  readonly plugins: string | undefined
  readonly port: string | undefined
  readonly host: string
  readonly token: string | undefined
  readonly dialect: DialectName
  readonly faithful: boolean
  readonly inspect: string | undefined
  readonly data: string
  /** Of this package. */
  readonly version: string
}

/** The default port, and those that are tried if it is taken. */
const DEFAULT_PORTS = Array.from({ length: 21 }, (_, index) => 4_000 + index)

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const OTHERWISE = 'Choose another with --port, --host, --data or --plugins.'

/** The options after they were checked. */
interface Checked {
  readonly port: number | undefined
  readonly inspect: number | undefined
  readonly projects: ReadonlyArray<DevProject>
}

/** Runs a development host until a signal ends it. Left if it cannot be started. */
export const dev = (options: DevOptions, terminal: Terminal): TE.TaskEither<CliError, ExitCode> => {
  const output = terminalOutput(terminal)
  return pipe(
    checked(options),
    TE.chain(checkedOptions => start(options, checkedOptions, output)),
    TE.chainTaskK(host => untilStopped(host, terminal, output)),
    TE.map(() => EXIT.ok),
  )
}

const checked = (options: DevOptions): TE.TaskEither<CliError, Checked> =>
  pipe(
    E.Do,
    E.chainFirst(() => tokenIfNeeded(options)),
    E.bind('port', () => portIn('--port', options.port)),
    E.bind('inspect', () => portIn('--inspect', options.inspect)),
    E.chainFirst(() => pluginsFolder(options)),
    E.bind('found', () => projectsOf(options)),
    TE.fromEither,
    TE.bind('projects', ({ found }) => TE.traverseArray(withBackend)(found)),
  )

const withBackend = (project: Project): TE.TaskEither<CliError, DevProject> =>
  pipe(
    backendOf(project),
    TE.map(backend => ({ ...project, backend })),
  )

const pluginsFolder = ({ plugins }: DevOptions): E.Either<CliError, unknown> =>
  plugins === undefined
    ? E.right(undefined)
    : pathArgument(plugins, {
        kinds: ['folder'],
        names: /^/,
        expected: 'Name a folder with .binary files after --plugins.',
      })

const tokenIfNeeded = ({ host, token }: DevOptions): E.Either<CliError, void> =>
  isLoopback(host) || token !== undefined
    ? E.right(undefined)
    : E.left(
        usageError(
          `--host ${host} is open to the network, so it needs --token`,
          'To listen on this machine only, omit --host.',
        ),
      )

const start =
  (
    { version, dialect, faithful, host, token, data, plugins }: DevOptions,
    { port, inspect, projects }: Checked,
    output: TerminalOutput,
  ): TE.TaskEither<CliError, DevHost> =>
  async () => {
    const compilers = sharedCompilers()
    return pipe(
      await startHost({
        version,
        dialect,
        policy: faithful ? faithfulPolicy : developmentPolicy,
        address: host,
        token,
        ports: port === undefined ? DEFAULT_PORTS : [port],
        data: resolve(data),
        plugins: plugins === undefined ? undefined : resolve(plugins),
        entries: projects.map((project, index) =>
          watchedProject(project, {
            inspect: index === 0 ? inspect : undefined,
            compilers,
            say: output.notice,
          }),
        ),
        say: output.notice,
        onLog: output.log,
        onPlugin: output.plugin,
      }),
      E.mapLeft(message => failure(message, OTHERWISE)),
    )
  }

const projectsOf = ({ entries, plugins }: DevOptions): E.Either<CliError, ReadonlyArray<Project>> =>
  pipe(
    entries.length === 0 && plugins === undefined ? ['.'] : entries,
    E.traverseArray(entry => findProject(entry)),
  )

const portIn = (
  option: string,
  text: string | undefined,
): E.Either<CliError, number | undefined> => {
  if (text === undefined) return E.right(undefined)
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? E.right(Number(text))
    : E.left(
        usageError(
          `${option}: expected a number from 0 to 65535, got ${JSON.stringify(text)}`,
          `For example: ${option} 4000`,
        ),
      )
}

/**
 * Prints the address once the plugins have started, waits for a signal or for the end of whoever
 * reads the output, and then stops the host. A second signal kills it.
 */
const untilStopped =
  (host: DevHost, terminal: Terminal, output: TerminalOutput): T.Task<void> =>
  () =>
    new Promise(resolve => {
      let asked = false
      const onSignal = (signal: NodeJS.Signals): void => {
        if (asked) {
          host.abandon()
          process.exit(128 + (signal === 'SIGINT' ? 2 : 15))
        }
        terminal.note('stopping the plugins; press Ctrl-C again to kill them')
        stop()
      }
      const stop = (): void => {
        if (asked) return
        asked = true
        void host.stop().then(() => {
          for (const name of SIGNALS) process.removeListener(name, onSignal)
          resolve()
        })
      }
      for (const name of SIGNALS) process.on(name, onSignal)
      process.stdout.once('error', stop)
      void host.ready.then(() => {
        if (!asked) output.ready(host.url)
      })
    })
