import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'
import type { Cli, Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import { attempt } from '../pack/files.js'
import type { Terminal } from '../terminal.js'
import type { Given } from './answers.js'
import { type ApiSource, absoluteSpec, apiSource } from './api-source.js'
import { type Chosen, choose } from './choose.js'
import { installDependencies } from './install-dependencies.js'
import type { Choices, Decorators } from './plan.js'
import { projectFiles } from './project-files.js'
import { targetOf } from './target.js'
import { beginning, finish, thisProcess } from './unfinished.js'
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

/**
 * Plans a project, writes it, and installs its dependencies. Where an earlier run did not come to
 * its end, it does the rest. Asks questions in a terminal.
 */
export const makeProject = (
  { program, terminal }: Cli,
  project: string | undefined,
  flags: Flags,
  command: Command,
): Work =>
  pipe(
    TE.fromEither(targetOf(project, flags.dir)),
    TE.bindTo('target'),
    TE.let('given', ({ target }) => givenBy(flags, command, target.label)),
    TE.bind('chosen', ({ target, given }) =>
      choose(given, target.folder, terminal.interactive && flags.yes !== true),
    ),
    TE.bind('source', ({ given, chosen }) =>
      terminal.progress(
        'Preparing toru-plugin-api',
        () => sourceFor(chosen, given, program.version() ?? ''),
        ({ spec }) => `toru-plugin-api is ${spec}`,
      ),
    ),
    TE.chainFirstEitherK(({ given, chosen, source }) => written(terminal, given, chosen, source)),
    TE.chainFirst(({ chosen: { folder } }) =>
      flags.install
        ? terminal.progress(
            'Installing the dependencies',
            () => installDependencies(folder),
            () => 'Installed the dependencies',
          )
        : TE.of(undefined),
    ),
    TE.chainFirst(({ chosen: { folder } }) =>
      attempt(`${folder} cannot be finished`, async () => finish(folder)),
    ),
    TE.map(({ chosen: { folder } }) => {
      terminal.note(['Next:', ...nextSteps(folder, flags.install)].join('\n  '))
      return EXIT.ok
    }),
  )

const givenBy = (flags: Flags, command: Command, label: string | undefined): Given => ({
  ...flags,
  project: label,
  api: flags.api === undefined ? undefined : absoluteSpec(flags.api),
  // A flag that was not given is asked for, whatever its default.
  frontend: command.getOptionValueSource('frontend') === 'cli' ? flags.frontend : undefined,
})

/** Where a project gets this package from: where it began to, if it was begun. */
const sourceFor = (
  { folder, begun }: Chosen,
  given: Given,
  version: string,
): TaskEither<CliError, ApiSource> =>
  pipe(
    begun,
    O.match(
      () => apiSource(given.api, version),
      ({ spec, api }) =>
        isThere(folder, spec)
          ? TE.right({ spec, files: new Map() })
          : pipe(
              apiSource(api, version),
              TE.filterOrElse(
                source => source.spec === spec,
                () =>
                  failure(
                    `${folder} was begun with ${spec}, which is no longer there`,
                    `Remove ${folder} and start anew.`,
                  ),
              ),
            ),
    ),
  )

/** Whether a dependency needs no file, or has it. */
const isThere = (folder: string, spec: string): boolean =>
  !spec.startsWith('file:') || existsSync(join(folder, spec.slice('file:'.length)))

const written = (
  terminal: Terminal,
  given: Given,
  { folder, choices, begun }: Chosen,
  { spec, files }: ApiSource,
): E.Either<CliError, void> =>
  pipe(
    writeProject(
      folder,
      new Map<string, string | Uint8Array>([...files, ...projectFiles({ ...choices, api: spec })]),
      pipe(
        begun,
        O.match(
          () => beginning(choices, spec, given),
          before => ({ ...before, process: thisProcess() }),
        ),
      ),
    ),
    E.map(names => report(terminal, folder, choices, names)),
  )

const report = (
  terminal: Terminal,
  folder: string,
  { id, route, frontend }: Choices,
  names: ReadonlyArray<string>,
): void => {
  terminal.out(`${shortPath(folder)}: the plugin ${terminal.colors.bold(id)}`)
  for (const name of names) terminal.out(`  ${name}`)
  if (frontend && route !== `/${id}`)
    terminal.note(
      `The route is ${route}. A frontend reaches its plugin only at /${id}: ` +
        'change one of them before you use api.fetch.',
    )
}

const nextSteps = (folder: string, isInstalled: boolean): ReadonlyArray<string> => [
  ...(shortPath(folder) === '.' ? [] : [`cd ${quoted(shortPath(folder))}`]),
  ...(isInstalled ? [] : ['npm install']),
  'npm test',
  'npm run dev',
]

const shortPath = (folder: string): string => relative(process.cwd(), folder) || '.'

/** A path as a shell reads it. */
const quoted = (path: string): string =>
  /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
