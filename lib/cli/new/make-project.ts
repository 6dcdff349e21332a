import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { Cli, Work } from '../command.js'
import { EXIT } from '../exit-code.js'
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
export const makeProject =
  ({ program, terminal }: Cli, project: string | undefined, flags: Flags, command: Command): Work =>
  async () => {
    const said = { ...flags, project, api: packageSpec(flags.api ?? `^${program.version() ?? ''}`) }
    // A flag that was not given is asked for, whatever its default.
    const given: Given =
      command.getOptionValueSource('frontend') === 'cli' ? said : { ...said, frontend: undefined }
    const plan =
      terminal.interactive && flags.yes !== true ? await planByAsking(given) : planWithout(given)
    if (E.isLeft(plan)) return plan
    const { id, route, frontend } = plan.right
    const folder = resolve(flags.dir ?? id)
    const files = projectFiles(plan.right)
    const written = writeProject(folder, files)
    if (E.isLeft(written)) return written

    const shown = relative(process.cwd(), folder) || '.'
    terminal.out(`${shown}: the plugin ${terminal.colors.bold(id)}`)
    for (const name of files.keys()) terminal.out(`  ${name}`)
    if (frontend && route !== `/${id}`)
      terminal.note(
        `The route is ${route}. A frontend reaches its plugin only at /${id}: change one ` +
          'of them before you use api.fetch.',
      )
    if (flags.install) {
      const progress = terminal.progress('Installing the dependencies')
      const installed = await npmInstall(folder)()
      progress.done(E.isLeft(installed) ? 'Not installed' : 'Installed the dependencies')
      if (E.isLeft(installed)) return installed
    }
    terminal.note(
      [
        'Next:',
        ...(shown === '.' ? [] : [`cd ${shown}`]),
        ...(flags.install ? [] : ['npm install']),
        'npm test',
        'npm run dev',
      ].join('\n  '),
    )
    return E.right(EXIT.ok)
  }

/** The path of a package's file as an absolute one; npm understands everything else. */
const packageSpec = (spec: string): string =>
  /^[./]/.test(spec) && existsSync(spec) ? `file:${resolve(spec)}` : spec
