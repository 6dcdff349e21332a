import { type Command, Option } from 'commander'
import { MAX_NAME_BYTES } from '../../domain/host.js'
import type { AddCommand } from '../command.js'
import type { Flags } from './make-project.js'

/** `toru-plugin new [project]`: a project that builds, tests and packs at once. */
export const addNew: AddCommand = cli => {
  cli.program
    .command('new')
    .summary('create a project that builds, tests and packs')
    .description(
      'Create a project with a plugin, its tests and a frontend; in a terminal, after some ' +
        'questions. Overwrites nothing. If it fails, the same command again goes on.',
    )
    .argument('[project]', 'an id, a name to make one from, or the path of a folder')
    .option('-y, --yes', 'ask nothing')
    .option('--no-frontend', 'without a frontend')
    .option('--no-install', 'without npm install')
    .option('--dir <folder>', 'where to put it (default: a folder with the id)')
    .option('--id <id>', 'of the characters A-Z a-z 0-9 - only')
    .option('--name <name>', `as people see it: at most ${MAX_NAME_BYTES} bytes`)
    .option('--author <author>', `at most ${MAX_NAME_BYTES} bytes`)
    .option('--icon <icon>', 'a character, such as 🔌')
    .option('--route <route>', 'one segment (a frontend needs / and the id)')
    .addOption(new Option('--decorators <kind>', 'which kind').choices(['standard', 'legacy']))
    .option('--api <spec>', 'toru-plugin-api: a version, a checkout, a packed file')
    .helpEnd('new.md', [['new ../my-notes'], ['new my-notes --author "Me" --no-frontend --yes']])
    .action((project: string | undefined, flags: Flags, command: Command) =>
      cli.run(async () => {
        const { makeProject } = await import('./make-project.js')
        return makeProject(cli, project, flags, command)()
      }),
    )
}
