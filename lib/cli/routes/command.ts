import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { PluginDescription } from '../../domain/plugin-description.js'
import { type CliError, failureOf, usageError } from '../cli-error.js'
import type { AddCommand, Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import type { Terminal } from '../terminal.js'
import { openApi } from './openapi.js'
import { noteGaps } from './route-schemas.js'
import type { ClientRequest } from './write-client.js'

interface Options {
  readonly json?: true
  readonly openapi?: true | string
  readonly client?: true | string
  readonly check?: true
}

/** `toru-plugin routes`. */
export const addRoutes: AddCommand = ({ program, terminal, run }) => {
  program
    .command('routes')
    .summary('list routes; write OpenAPI or a typed client')
    .description(
      'List the routes of a plugin, or write them as an OpenAPI 3.1 document or as a typed ' +
        'client for its frontend.',
    )
    .argument('[entry]', "the plugin's file, in any language with --describe")
    .option('--client [file]', 'write a client (frontend/client.ts); - prints it')
    .option('--check', 'with --client: exit with 1 if it is out of date')
    .option('--openapi [file]', 'write OpenAPI 3.1 to a file, or print it')
    .option('--json', 'print the description as the plugin gives it')
    .helpEnd('cli.md', [
      ['routes src/main.ts'],
      ['routes src/main.ts --client --check'],
      ['routes plugins/notes.binary --openapi notes.openapi.json'],
    ])
    .action((entry: string | undefined, options: Options) => run(routes(terminal, entry, options)))
}

const routes = (
  terminal: Terminal,
  entry: string | undefined,
  { json, openapi, client, check }: Options,
): Work => {
  // In `routes --openapi main.js` the one name is the plugin's file, which is required; the other
  // file has a default.
  const file = entry ?? [openapi, client].find(value => typeof value === 'string' && value !== '-')
  const target = (said: true | string) => (entry === undefined && said === file ? true : said)
  if (typeof file !== 'string')
    return TE.left(
      usageError("the plugin's file is missing", 'For example: toru-plugin routes src/main.ts'),
    )
  if ([json, openapi, client].filter(form => form !== undefined).length > 1)
    return TE.left(
      usageError(
        '--json, --openapi and --client exclude each other',
        'Run the command once for each.',
      ),
    )
  if (check && client === undefined)
    return TE.left(
      usageError(
        '--check needs --client, whose file it checks',
        'For example: toru-plugin routes src/main.ts --client --check',
      ),
    )
  return pipe(
    description(terminal, file),
    TE.chain(plugin => {
      if (client !== undefined)
        return clientWritten(terminal, plugin, {
          entry: file,
          target: target(client),
          check: check === true,
        })
      return openapi === undefined
        ? shown(terminal, plugin, json)
        : TE.fromEither(documented(terminal, plugin, target(openapi)))
    }),
    TE.map(() => EXIT.ok),
  )
}

const description =
  (terminal: Terminal, entry: string): TE.TaskEither<CliError, PluginDescription> =>
  async () => {
    const { runnable } = await import('../entry.js')
    const { describe } = await import('../describe.js')
    return terminal.progress(`Asking ${entry}`, () =>
      pipe(
        runnable(entry, terminal),
        TE.chain(file => describe(file)),
      ),
    )()
  }

const shown =
  (
    terminal: Terminal,
    plugin: PluginDescription,
    json: true | undefined,
  ): TE.TaskEither<CliError, void> =>
  async () => {
    const { listing } = await import('./listing.js')
    for (const line of json ? [JSON.stringify(plugin, null, 2)] : listing(plugin))
      terminal.out(line)
    return E.right(undefined)
  }

const clientWritten =
  (
    terminal: Terminal,
    plugin: PluginDescription,
    request: ClientRequest,
  ): TE.TaskEither<CliError, void> =>
  async () => {
    const { writeClient } = await import('./write-client.js')
    return writeClient(terminal, plugin, request)
  }

const documented = (
  terminal: Terminal,
  plugin: PluginDescription,
  target: true | string,
): E.Either<CliError, void> => {
  const { document, gaps } = openApi(plugin)
  noteGaps(terminal, gaps)
  const text = `${JSON.stringify(document, null, 2)}\n`
  return E.tryCatch(
    () => {
      if (target === true || target === '-') return terminal.write(text)
      writeFileSync(target, text)
      terminal.note(`wrote ${resolve(target)}`)
    },
    cause => failureOf(`${target} cannot be written`, cause),
  )
}
