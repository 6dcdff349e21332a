import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CliError } from '../cli-error.js'
import type { Cli, Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import type { Terminal } from '../terminal.js'
import { type Given, planByAsking, planWithout } from './answers.js'
import { npmInstall } from './npm-install.js'
import type { Decorators } from './plan.js'
import { projectFiles } from './project-files.js'
import { writeProject } from './write-project.js'

/** The flags of `toru-plugin new`. */
export interface Flags {
  readonly id?: string
  readonly name?: string
  readonly author?: string
  readonly icon?: string
  readonly route?: string
  readonly dir?: string
  readonly decorators?: Decorators
  readonly frontend: boolean
  readonly install: boolean
  readonly api?: string
  readonly yes?: boolean
}

/** Plans a project, writes it, and installs its dependencies. Asks questions in a terminal. */
export const makeProject = (
  { program, terminal }: Cli,
  project: string | undefined,
  flags: Flags,
  command: Command,
): Work => {
  const said = { ...flags, project, api: packageSpec(flags.api ?? `^${program.version() ?? ''}`) }
  // A flag that was not given is asked for, whatever its default.
  const given: Given =
    command.getOptionValueSource('frontend') === 'cli' ? said : { ...said, frontend: undefined }
  return pipe(
    terminal.interactive && flags.yes !== true
      ? planByAsking(given)
      : TE.fromEither(planWithout(given)),
    TE.bindTo('plan'),
    TE.let('folder', ({ plan }) => resolve(flags.dir ?? plan.id)),
    TE.let('files', ({ plan }) => projectFiles(plan)),
    TE.chainFirstEitherK(({ folder, files }) => writeProject(folder, files)),
    TE.chainFirstIOK(({ plan, folder, files }) => () => {
      terminal.out(`${shortPath(folder)}: the plugin ${terminal.colors.bold(plan.id)}`)
      for (const name of files.keys()) terminal.out(`  ${name}`)
      if (plan.frontend && plan.route !== `/${plan.id}`)
        terminal.note(
          `The route is ${plan.route}. A frontend reaches its plugin only at /${plan.id}: ` +
            'change one of them before you use api.fetch.',
        )
    }),
    TE.chainFirst(({ folder }) => (flags.install ? installed(folder, terminal) : TE.of(undefined))),
    TE.map(({ folder }) => {
      terminal.note(['Next:', ...nextSteps(folder, flags.install)].join('\n  '))
      return EXIT.ok
    }),
  )
}

const installed =
  (folder: string, terminal: Terminal): TE.TaskEither<CliError, void> =>
  async () => {
    const progress = terminal.progress('Installing the dependencies')
    const result = await npmInstall(folder)()
    progress.done(E.isLeft(result) ? 'Not installed' : 'Installed the dependencies')
    return result
  }

const nextSteps = (folder: string, isInstalled: boolean): ReadonlyArray<string> => [
  ...(shortPath(folder) === '.' ? [] : [`cd ${shortPath(folder)}`]),
  ...(isInstalled ? [] : ['npm install']),
  'npm test',
  'npm run dev',
]

const shortPath = (folder: string): string => relative(process.cwd(), folder) || '.'

/** The path of a package's file as an absolute one; npm understands everything else. */
const packageSpec = (spec: string): string =>
  /^[./]/.test(spec) && existsSync(spec) ? `file:${resolve(spec)}` : spec
