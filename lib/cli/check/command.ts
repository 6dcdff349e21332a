import { Option } from 'commander'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { binaryName, defaultSocket } from '../../domain/host.js'
import { usageError } from '../cli-error.js'
import type { AddCommand } from '../command.js'
import type { CheckOptions } from './check.js'

/** The options as commander parses them. */
type Parsed = CheckOptions & { readonly list: boolean }

/** `toru-plugin check`: a conformance suite for any plugin in any language. */
export const addCheck: AddCommand = ({ program, terminal, run }) => {
  program
    .command('check')
    .summary('check that a host can use a plugin')
    .description(
      'Check a plugin, in any language, against what the host needs. A file is started as ' +
        'often as that takes; a plugin that runs is neither started nor stopped.',
    )
    .argument('[target]', "a plugin's file, or the socket of a running one")
    .option(
      '--case <id>',
      'run only this case; may be repeated',
      (id: string, ids: ReadonlyArray<string>) => [...ids, id],
      [],
    )
    .addOption(
      new Option('--list', 'list the cases and run none')
        .default(false)
        .conflicts(['case', 'timeout', 'junit', 'expectedFailures']),
    )
    .addOption(
      new Option('--profile <name>', 'whose rules').choices(['host', 'documented']).default('host'),
    )
    .option('--timeout <seconds>', 'how long an answer may take', '5')
    .option('--json', 'print the report as JSON', false)
    .option('--junit <file>', 'also write the report as JUnit XML')
    .option('--expected-failures <file>', 'a file with the ids of cases that fail')
    .helpEnd('check.md', [
      [`check packed/${binaryName('notes')}`],
      [`check ${defaultSocket('notes')}`],
      [`check ${binaryName('notes')} --case pipelined --junit check.xml`],
    ])
    .action(async (target: string | undefined, { list, ...options }: Parsed) => {
      const checks = await import('./check.js')
      if (list && target !== undefined)
        return run(
          TE.left(
            usageError('--list runs nothing, and takes no target', 'Leave out one of the two.'),
          ),
        )
      if (list) return run(checks.list(options.profile, options.json, terminal))
      return run(
        target === undefined
          ? TE.left(
              usageError(
                "check needs [target]: a plugin's file, or the socket of a running one",
                `For example: toru-plugin check packed/${binaryName('notes')}`,
              ),
            )
          : checks.check(target, options, terminal),
      )
    })
}
