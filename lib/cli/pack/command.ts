import { resolve } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'

/** The options of `pack`, as commander gives them. */
interface Options {
  readonly out: string
  readonly guardian: boolean
  readonly standalone: boolean
  readonly libsql?: boolean
  readonly run: boolean
  readonly json: boolean
  readonly parts: boolean
}

const EXAMPLES = `
Examples:
  toru-plugin pack                        the entry is src/main.ts, main.ts or another usual name
  toru-plugin pack src/main.ts --out dist
  toru-plugin pack --standalone           with Node.js inside, for servers without it

The entry may be TypeScript or compiled JavaScript. frontend/main.ts(x) becomes <out>/<id>/bundle.js.
Exit codes: 0 packed, 1 it could not be packed or does not work, 2 wrong arguments.`

/** `toru-plugin pack`: a plugin as one file for a host's plugins folder. */
export const addPack: AddCommand = ({ program, terminal, run }) => {
  program
    .command('pack')
    .summary('make one file of a plugin')
    .description(
      'Makes <out>/<id>.binary of a plugin: one file that needs nothing but Node.js. It is then run in an empty folder as a host would run it.',
    )
    .argument('[entry]', 'the file that calls registerPlugin, or a folder that has it', '.')
    .option('-o, --out <folder>', 'where to put the result', 'packed')
    .option('--no-guardian', 'do not start the plugin again when it dies')
    .option('--standalone', 'put Node.js into the file', false)
    .option(
      '--libsql',
      'carry SQLite for Node.js before 22.13 (unless said, if this Node.js needs it)',
    )
    .option('--no-libsql', 'do not carry it')
    .option('--no-run', 'do not run the result')
    .option('--parts', 'list what is in the file, the largest first', false)
    .option('--json', 'print the report as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (entry: string, options: Options) => {
      const [{ pack }, { cautions, reportLines }] = await Promise.all([
        import('./pack.js'),
        import('./report.js'),
      ])
      const progress = terminal.progress('packing')
      await run(
        pipe(
          pack({
            ...options,
            entry,
            libsql: options.libsql,
            out: resolve(options.out),
            step: progress.step,
          }),
          TE.mapLeft(error => {
            progress.done('not packed')
            return error
          }),
          TE.map(packed => {
            progress.done('packed')
            if (options.json) terminal.out(JSON.stringify(packed, null, 2))
            else for (const line of reportLines(packed)) terminal.out(line)
            if (options.parts && !options.json)
              for (const [name, bytes] of packed.parts)
                terminal.out(`${String(bytes).padStart(9)}  ${name}`)
            for (const line of cautions(packed)) terminal.note(`warning: ${line}`)
            return EXIT.ok
          }),
        ),
      )
    })
}
