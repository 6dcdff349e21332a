import { resolve } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { binaryName } from '../../domain/host.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'

/** The options as commander parses them. */
interface Options {
  readonly out: string
  readonly guardian: boolean
  readonly standalone: boolean
  readonly node?: string
  readonly arch?: ReadonlyArray<string>
  readonly sqlite: boolean
  readonly run: boolean
  readonly json: boolean
  readonly parts: boolean
}

/** `toru-plugin pack`: a plugin as one file for a host's plugins folder. */
export const addPack: AddCommand = ({ program, terminal, run }) => {
  program
    .command('pack')
    .summary('pack a plugin into one file')
    .description(
      `Pack a plugin into <out>/${binaryName('<id>')}, one file that needs only Node.js, and ` +
        'its frontend into <out>/<id>/bundle.js. The result is run as a host would.',
    )
    .argument('[entry]', 'the file that calls registerPlugin, or its folder', '.')
    .option('-o, --out <folder>', 'where to put the result', 'packed')
    .option('--standalone', 'include Node.js, for servers without it', false)
    .option('--node <version>', 'the oldest Node.js of the servers (default: 20.19)')
    .option(
      '--arch <systems>',
      'their systems (default: this one), such as x64,arm64',
      (systems: string, before: ReadonlyArray<string> = []) => [...before, systems],
    )
    .option('--no-sqlite', 'for a plugin with a store of its own')
    .option('--no-run', 'do not run the result')
    .option('--no-guardian', 'do not restart the plugin when it dies')
    .option('--parts', 'list the parts of the file by size', false)
    .option('--json', 'print the report as JSON', false)
    .helpEnd('pack.md', [
      ['pack', 'finds src/main.ts, main.ts, …'],
      ['pack --node 22', 'for Node.js 22.13 or newer: 3 MiB smaller'],
      ['pack --arch x64,arm64', 'for servers of both kinds'],
    ])
    .action(async (entry: string, options: Options) => {
      const [{ pack }, { warningsOf, reportLines }, { targetsOf }] = await Promise.all([
        import('./pack.js'),
        import('./report.js'),
        import('./target-options.js'),
      ])
      await run(
        pipe(
          TE.fromEither(targetsOf(options)),
          TE.chain(targets =>
            terminal.progress('Packing', step =>
              pack({ ...options, ...targets, entry, out: resolve(options.out), step }),
            ),
          ),
          TE.map(packed => {
            if (options.json) terminal.out(JSON.stringify(packed, null, 2))
            else for (const line of reportLines(packed)) terminal.out(line)
            if (options.parts && !options.json)
              for (const [name, bytes] of packed.parts)
                terminal.out(`${String(bytes).padStart(9)}  ${name}`)
            for (const line of warningsOf(packed)) terminal.note(`warning: ${line}`)
            return EXIT.ok
          }),
        ),
      )
    })
}
