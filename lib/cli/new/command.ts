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
      'Create a project that builds, tests and packs: a decorated class, its tests, and a ' +
        'frontend. In a terminal it asks for what the options leave open. It never ' +
        'overwrites files. If it did not come to its end, the same command again does the rest.',
    )
    .argument(
      '[project]',
      "the plugin's id, or a name to make one from, or the path of a folder that has such a name",
    )
    .option('--id <id>', 'the characters A-Z a-z 0-9 - only')
    .option('--name <name>', `as people see it: at most ${MAX_NAME_BYTES} bytes`)
    .option('--author <author>', `at most ${MAX_NAME_BYTES} bytes`)
    .option('--icon <icon>', 'a character, such as 🔌')
    .option(
      '--route <route>',
      'one segment (default: / and the id, the only one that a frontend reaches)',
    )
    .option('--dir <folder>', 'where to put it (default: a folder with the name of the id)')
    .addOption(
      new Option('--decorators <kind>', 'those of the language, or experimentalDecorators').choices(
        ['standard', 'legacy'],
      ),
    )
    .option('--no-frontend', 'without a frontend')
    .option('--no-install', 'without npm install')
    .option(
      '--api <spec>',
      'what to install as toru-plugin-api: a version, a checkout, or a file made by npm pack ' +
        '(default: the package of this command)',
    )
    .option('-y, --yes', 'ask nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ toru-plugin new ../my-notes\n  $ toru-plugin new my-notes --author ' +
        '"Me" --no-frontend --decorators legacy --yes',
    )
    .action((project: string | undefined, flags: Flags, command: Command) =>
      cli.run(async () => {
        const { makeProject } = await import('./make-project.js')
        return makeProject(cli, project, flags, command)()
      }),
    )
}
