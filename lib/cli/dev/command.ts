import { Option } from 'commander'
import { HOST_DATABASE } from '../../domain/host.js'
import type { DialectName } from '../../protocol.js'
import type { AddCommand } from '../command.js'

/** The options of `dev`, as commander gives them. */
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
  toru-plugin dev samples/hello samples/notes   several
  toru-plugin dev --plugins plugins             ready .binary files, in any language
  toru-plugin dev --faithful                    with the weaknesses that today's host has

Changes of the files are live in under a second. It runs until Ctrl-C.
Exit codes: 0 ended in order, 1 it could not be started, 2 wrong arguments.`

const INSPECTOR = 9_229

/** `toru-plugin dev`: a host on the author's desk. */
export const addDev: AddCommand = ({ program, terminal, run }) => {
  program
    .command('dev')
    .summary('run plugins in a host on this machine, with a page to look at')
    .description(
      'Builds plugins and runs them in a development host, which speaks as the real one does and has a page that shows what happens. A change of a file is built and live at once.',
    )
    .argument(
      '[entry...]',
      'files that call registerPlugin, or folders that have one; the current folder without --plugins',
    )
    .option('--plugins <folder>', 'also run the .binary files in this folder')
    .option('-p, --port <port>', 'where to listen (4000, or the next free one); 0 is any')
    .option(
      '--host <address>',
      'listen on another address than that of this machine; needs --token',
      '127.0.0.1',
    )
    .option('--token <token>', 'ask everybody for this token')
    .addOption(
      new Option('--dialect <name>', 'how to speak to plugins')
        .choices(['tagged', 'nested', 'documented'])
        .default('tagged'),
    )
    .option(
      '--faithful',
      "have today's host's weaknesses too: one request at a time, no restart, SIGKILL, no init when enabled",
      false,
    )
    .option('--inspect [port]', `let a debugger attach to the first entry (${INSPECTOR})`)
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
              inspect: inspect === true ? String(INSPECTOR) : inspect,
              version,
            },
            terminal,
          ),
        )
      },
    )
}
