import { Option } from 'commander'
import { HOST_DATABASE } from '../../domain/host.js'
import type { DialectName } from '../../protocol.js'
import type { AddCommand } from '../command.js'

/** The options as commander parses them. */
interface Options {
  readonly plugins?: string
  readonly port?: string
  readonly host: string
  readonly token?: string
  readonly dialect: DialectName
  readonly faithful: boolean
  readonly inspect?: string | true
  readonly data: string
}

const HELP = `
Examples:
  toru-plugin dev                               the plugin of this folder
  toru-plugin dev samples/hello samples/notes   several plugins
  toru-plugin dev --plugins plugins             .binary files, in any language
  toru-plugin dev --faithful                    as today's host behaves, weaknesses included

Changes are live in under a second. Press Ctrl-C to stop.
Exit codes: 0 stopped, 1 it could not be started, 2 the command line is wrong.`

const INSPECT_PORT = 9_229

/** `toru-plugin dev`: a development host. */
export const addDev: AddCommand = ({ program, terminal, run }) => {
  program
    .command('dev')
    .summary('run plugins in a development host with a console')
    .description(
      'Build plugins and run them in a development host. It talks to plugins as the real ' +
        'host does, and its console shows what happens. A changed file is built and live at ' +
        'once.',
    )
    .argument(
      '[entry...]',
      'files that call registerPlugin, or folders with one; by default the current folder, ' +
        'unless there is --plugins',
    )
    .option('--plugins <folder>', 'also run the .binary files in this folder')
    .option(
      '-p, --port <port>',
      'where to listen (default: 4000 or the next free port); 0 is any free port',
    )
    .option('--host <address>', 'listen on another address; needs --token', '127.0.0.1')
    .option('--token <token>', 'only let those in who have this token')
    .addOption(
      new Option('--dialect <name>', 'the dialect for messages to plugins')
        .choices(['tagged', 'nested', 'documented'])
        .default('tagged'),
    )
    .option(
      '--faithful',
      "behave as today's host: one request at a time, no restart, SIGKILL, no init when enabled",
      false,
    )
    .option('--inspect [port]', `let a debugger attach to the first entry (${INSPECT_PORT})`)
    .option('--data <folder>', `where ${HOST_DATABASE} and what plugins store is kept`, '.toru')
    .addHelpText('after', HELP)
    .action(
      async (
        entries: ReadonlyArray<string>,
        { plugins, port, token, inspect, ...options }: Options,
      ) => {
        const { dev } = await import('./dev.js')
        const version = program.version() ?? ''
        await run(
          dev(
            {
              ...options,
              entries,
              plugins,
              port,
              token,
              inspect: inspect === true ? String(INSPECT_PORT) : inspect,
              version,
            },
            terminal,
          ),
        )
      },
    )
}
