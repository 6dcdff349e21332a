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

const INSPECT_PORT = 9_229

/** `toru-plugin dev`: a development host. */
export const addDev: AddCommand = ({ program, terminal, run }) => {
  program
    .command('dev')
    .summary('run plugins in a development host with a console')
    .description(
      'Build plugins and run them in a host like the real one. Changed files are live in ' +
        'under a second; a console in the browser shows what happens. Ctrl-C stops it.',
    )
    .argument('[entry...]', 'files that call registerPlugin, or folders (default: .)')
    .option('-p, --port <port>', '0 for any free port (default: 4000 or the next free one)')
    .option('--plugins <folder>', 'run the .binary files in a folder')
    .option('--inspect [port]', `let a debugger attach to the first entry (${INSPECT_PORT})`)
    .option('--faithful', "with the weaknesses of today's host, such as no restart", false)
    .option('--data <folder>', `for ${HOST_DATABASE} and the data of plugins`, '.toru')
    .option('--host <address>', 'another address needs --token', '127.0.0.1')
    .option('--token <token>', 'only let those in who have this token')
    .addOption(
      new Option('--dialect <name>', 'for messages')
        .choices(['tagged', 'nested', 'documented'])
        .default('tagged'),
    )
    .helpEnd('dev.md', [
      ['dev', 'the plugin of this folder'],
      ['dev samples/hello samples/notes', 'several plugins'],
      ['dev --plugins plugins', '.binary files, in any language'],
    ])
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
