import { resolve } from 'node:path'
import { Option } from 'commander'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BINARY_SUFFIX, binaryName } from '../../domain/host.js'
import type { CliError } from '../cli-error.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'
import { pathArgument, type Wanted } from '../path-argument.js'
import type { Step } from '../progress.js'
import type { Installed } from './install.js'

interface Options {
  readonly create: boolean
  readonly rollback: boolean
  readonly check: boolean
  readonly out: string
  readonly json: boolean
}

/** `toru-plugin install`: puts a plugin into a host's plugins folder. */
export const addInstall: AddCommand = ({ program, terminal, run }) => {
  program
    .command('install')
    .summary("put a plugin into a host's plugins folder")
    .description(
      `Put ${binaryName('<id>')} and <id>/bundle.js into a host's plugins folder, and keep the ` +
        'version before. <id>/config.json is not touched.',
    )
    .argument('<plugins-dir>', "the host's plugins folder")
    .argument('[what]', `a packed *${BINARY_SUFFIX}, an entry to pack, or an id to roll back`)
    .addOption(
      new Option('--rollback', 'swap the plugin with the version before')
        .default(false)
        .conflicts(['create', 'check', 'out']),
    )
    .option('--create', 'make the folder, or use one that looks like none', false)
    .option('--no-check', 'do not run toru-plugin check first')
    .option('-o, --out <folder>', 'where to pack to', 'packed')
    .option('--json', 'print the result as JSON', false)
    .helpEnd('pack.md', [
      ['install /srv/toru/plugins', 'packs this project'],
      [`install /srv/toru/plugins packed/${binaryName('notes')}`],
      ['install /srv/toru/plugins notes --rollback'],
    ])
    .action(
      async (
        pluginsDir: string,
        what: string | undefined,
        { create, rollback, check, out, json }: Options,
      ) => {
        const [
          { installFile, rollBack },
          { pluginsFolder },
          { pack },
          { DEFAULT_TARGETS },
          { fitForHost },
        ] = await Promise.all([
          import('./install.js'),
          import('./plugins-folder.js'),
          import('../pack/pack.js'),
          import('../pack/target-options.js'),
          import('../check/fit-for-host.js'),
        ])
        const folder = resolve(pluginsDir)
        const binaryOf = (step: Step): TaskEither<CliError, string> =>
          what?.endsWith(BINARY_SUFFIX)
            ? pipe(
                TE.fromEither(pathArgument(what, PACKED)),
                TE.map(() => resolve(what)),
              )
            : pipe(
                pack({
                  entry: what,
                  out: resolve(out),
                  guardian: true,
                  standalone: false,
                  ...DEFAULT_TARGETS,
                  sqlite: true,
                  run: true,
                  step,
                }),
                TE.map(({ file }) => file),
              )
        const installed = (step: Step): TaskEither<CliError, Installed> =>
          rollback
            ? rollBack(folder, what)
            : pipe(
                binaryOf(step),
                TE.chainFirst(binary => (check ? fitForHost(binary, step) : TE.right(undefined))),
                TE.chain(binary => installFile(binary, folder)),
              )
        await run(
          pipe(
            pluginsFolder(folder, create && !rollback),
            TE.chain(() => terminal.progress('Installing', installed)),
            TE.map(result => {
              if (json) terminal.out(JSON.stringify(result, null, 2))
              else
                terminal.out(
                  `${result.file}  ${result.id} ${result.before === undefined ? '' : `${result.before} → `}${result.version}`,
                )
              terminal.note(nextStep(result))
              return EXIT.ok
            }),
          ),
        )
      },
    )
}

const PACKED: Wanted = {
  kinds: ['file'],
  names: /\.binary$/,
  expected: 'Make one: toru-plugin pack',
}

const nextStep = ({ id, replaced }: Installed): string =>
  replaced
    ? `Next: disable ${id} and enable it again on the host's plugins page. To go back: ` +
      `toru-plugin install … ${id} --rollback`
    : 'Next: restart the host, which finds new plugins only when it starts.'
