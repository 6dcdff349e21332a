import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { binaryName, defaultSocket, HOST_HTTP_TIMEOUT } from '../../domain/host.js'
import { usageError } from '../cli-error.js'
import type { AddCommand } from '../command.js'
import type { CheckOptions } from './check.js'

const EXAMPLES = `
Examples:
  $ toru-plugin check plugins/${binaryName('my-plugin')}
  $ toru-plugin check dist/main.js --profile documented
  $ toru-plugin check ${defaultSocket('my-plugin')}      a plugin that runs: it is not started or stopped
  $ toru-plugin check ${binaryName('my-plugin')} --junit check.xml --expected-failures known.txt
  $ toru-plugin check ${binaryName('my-plugin')} --case frame-split --case pipelined

Exit codes: 0 no errors, 1 errors (or an expected failure that passes), 2 the command line is wrong.`

/** The options as commander parses them. */
type Parsed = CheckOptions & { readonly list: boolean }

/** `toru-plugin check`: a conformance suite for any plugin in any language. */
export const addCheck: AddCommand = ({ program, terminal, run }) => {
  program
    .command('check')
    .description('check any plugin, in any language, against what the host needs')
    .argument('[target]', "a plugin's executable file, or the socket of a plugin that runs")
    .addOption(
      new Option('--profile <name>', "whose rules: today's host, or the host's documentation")
        .choices(['host', 'documented'])
        .default('host'),
    )
    .option(
      '--case <id>',
      'run only this case; may be repeated',
      (id: string, ids: ReadonlyArray<string>) => [...ids, id],
      [],
    )
    .option('--list', 'list the cases and run none', false)
    .option(
      '--timeout <seconds>',
      `how long an answer may take (the host waits ${HOST_HTTP_TIMEOUT / 1_000})`,
      '5',
    )
    .option('--json', 'print the report as JSON', false)
    .option('--junit <file>', 'also write the report as JUnit XML')
    .option(
      '--expected-failures <file>',
      'ids of cases that are known to fail, one a line; one that passes is an error',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (target: string | undefined, { list, ...options }: Parsed) => {
      const checks = await import('./check.js')
      if (list) return run(checks.list(options.profile, options.json, terminal))
      if (target !== undefined) return run(checks.check(target, options, terminal))
      return run(async () =>
        E.left(
          usageError(
            'the target is missing',
            "Give a plugin's executable file, or the socket of a plugin that runs.",
          ),
        ),
      )
    })
}
