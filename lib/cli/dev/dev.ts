import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type DevHost, startHost } from '../../devhost/host.js'
import { developmentPolicy, faithfulPolicy } from '../../devhost/host-policy.js'
import { isLoopback } from '../../devhost/http/access.js'
import type { DialectName } from '../../protocol.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import { EXIT, type ExitCode } from '../exit-code.js'
import { findProject, type Project } from '../pack/project.js'
import type { Terminal } from '../terminal.js'
import { terminalOutput } from './terminal-output.js'
import { watchedProject } from './watch-project.js'

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
const USUAL_PORTS = Array.from({ length: 21 }, (_, index) => 4_000 + index)

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a development host until a signal ends it. Left if it cannot be started. */
export const dev =
  (options: DevOptions, terminal: Terminal): TaskEither<CliError, ExitCode> =>
  async () => {
    if (!isLoopback(options.host) && options.token === undefined)
      return E.left(
        usageError(
          `--host ${options.host} lets others on the network in, so it needs --token`,
          'For this machine alone leave out --host.',
        ),
      )
    const port = portIn('--port', options.port)
    if (E.isLeft(port)) return port
    const inspect = portIn('--inspect', options.inspect)
    if (E.isLeft(inspect)) return inspect
    const projects = projectsOf(options)
    if (E.isLeft(projects)) return projects
    const screen = terminalOutput(terminal)
    const host = await startHost({
      version: options.version,
      dialect: options.dialect,
      policy: options.faithful ? faithfulPolicy : developmentPolicy,
      address: options.host,
      token: options.token,
      ports: port.right === undefined ? USUAL_PORTS : [port.right],
      data: resolve(options.data),
      plugins: options.plugins === undefined ? undefined : resolve(options.plugins),
      entries: projects.right.map((project, index) =>
        watchedProject(project, index + 1, index === 0 ? inspect.right : undefined, screen.notice),
      ),
      say: screen.notice,
      onLog: screen.log,
      onPlugin: screen.plugin,
    })
    if (E.isLeft(host)) return E.left(failure(host.left))
    const over = stopped(host.right, () =>
      terminal.note('ending the plugins; Ctrl-C again ends them at once'),
    )
    // Printed last: whoever reads it may send a signal at once.
    screen.ready(host.right.url)
    await over
    return E.right(EXIT.ok)
  }

const projectsOf = ({
  entries,
  plugins,
}: DevOptions): E.Either<CliError, ReadonlyArray<Project>> => {
  const wanted = entries.length === 0 && plugins === undefined ? ['.'] : entries
  const found: Project[] = []
  for (const entry of wanted) {
    const project = findProject(entry)
    if (E.isLeft(project)) return project
    found.push(project.right)
  }
  return E.right(found)
}

const portIn = (
  option: string,
  text: string | undefined,
): E.Either<CliError, number | undefined> => {
  if (text === undefined) return E.right(undefined)
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? E.right(Number(text))
    : E.left(
        usageError(`${option}: expected a number from 0 to 65535, got ${JSON.stringify(text)}`),
      )
}

/** Waits for a signal and then stops the host. A second signal ends it at once. */
const stopped = (host: DevHost, onFirst: () => void): Promise<void> =>
  new Promise(resolve => {
    let asked = false
    const onSignal = (signal: NodeJS.Signals): void => {
      if (asked) {
        host.abandon()
        process.exit(128 + (signal === 'SIGINT' ? 2 : 15))
      }
      asked = true
      onFirst()
      void host.stop().then(() => {
        for (const name of SIGNALS) process.removeListener(name, onSignal)
        resolve()
      })
    }
    for (const name of SIGNALS) process.on(name, onSignal)
  })
