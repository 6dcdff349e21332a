import { resolve } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BINARY_SUFFIX } from '../../domain/host.js'
import type { CliError } from '../cli-error.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'
import type { Installed } from './install.js'

interface Options {
  readonly create: boolean
  readonly rollback: boolean
  readonly check: boolean
  readonly out: string
  readonly json: boolean
}

const EXAMPLES = `
Examples:
  toru-plugin install /srv/toru/plugins                          packs the project here and installs it
  toru-plugin install /srv/toru/plugins packed/notes.binary      installs what was packed before
  toru-plugin install /srv/toru/plugins notes --rollback         back to the version before, and forth again

Exit codes: 0 installed, 1 it could not be, 2 wrong arguments.`

/** `toru-plugin install`: puts a plugin into a host's plugins folder. */
export const addInstall: AddCommand = ({ program, terminal, run }) => {
  program
    .command('install')
    .summary("put a plugin into a host's plugins folder")
    .description(
      "Puts <id>.binary and <id>/bundle.js into a host's plugins folder: packed first, unless it is given a packed file. <id>/config.json there stays.",
    )
    .argument('<plugins-dir>', "the host's plugins folder")
    .argument(
      '[what]',
      'a packed file (*.binary), or an entry to pack; with --rollback the id of a plugin',
    )
    .option(
      '--create',
      'make the folder, or use one that does not look like a plugins folder',
      false,
    )
    .option('--rollback', 'swap the plugin with the version before it', false)
    .option('--no-check', 'do not run the conformance suite first: see toru-plugin check')
    .option('-o, --out <folder>', 'where to pack to', 'packed')
    .option('--json', 'print what was installed as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(
      async (
        pluginsDir: string,
        what: string | undefined,
        { create, rollback, check, out, json }: Options,
      ) => {
        const [{ installFile, rollBack }, { pluginsFolder }, { pack }, { fitForHost }] =
          await Promise.all([
            import('./install.js'),
            import('./plugins-folder.js'),
            import('../pack/pack.js'),
            import('../check/fit-for-host.js'),
          ])
        const folder = resolve(pluginsDir)
        const progress = terminal.progress('installing')
        // Packing ends with a run of the result, and a file that was packed before had its own.
        const binaryOf = (): TaskEither<CliError, string> =>
          what?.endsWith(BINARY_SUFFIX)
            ? TE.right(resolve(what))
            : pipe(
                pack({
                  entry: what,
                  out: resolve(out),
                  guardian: true,
                  standalone: false,
                  libsql: undefined,
                  run: true,
                  step: progress.step,
                }),
                TE.map(({ file }) => file),
              )
        const installed = (): TaskEither<CliError, Installed> =>
          rollback
            ? rollBack(folder, what)
            : pipe(
                binaryOf(),
                TE.chainFirst(binary =>
                  check ? fitForHost(binary, progress.step) : TE.right(undefined),
                ),
                TE.chain(binary => installFile(binary, folder)),
              )
        await run(
          pipe(
            pluginsFolder(folder, create && !rollback),
            TE.chain(installed),
            TE.mapLeft(error => {
              progress.done('not installed')
              return error
            }),
            TE.map(result => {
              progress.done('installed')
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

const nextStep = ({ id, replaced }: Installed): string =>
  replaced
    ? `Next: disable ${id} and enable it again on the host's page of plugins. The version before: toru-plugin install … ${id} --rollback`
    : 'Next: restart the host. It finds new plugins only when it starts.'
