import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DialectName } from '../../protocol.js'
import { BUG, failure } from '../cli-error.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'

/** `toru-plugin schema`. */
export const addSchema: AddCommand = ({ program, terminal, run }) => {
  program
    .command('schema')
    .summary('print the JSON Schema of every message')
    .description(
      'Print the JSON Schema (2020-12) of every message between host and plugin. The ' +
        'package has the same text as toru-plugin-api/schema.json.',
    )
    .addOption(
      new Option('--dialect <name>', 'only the messages of this one').choices([
        'documented',
        'nested',
        'tagged',
      ]),
    )
    .helpEnd('cli.md', [['schema > messages.schema.json'], ['schema --dialect tagged']])
    .action(async ({ dialect }: { readonly dialect?: DialectName }) => {
      const { messageSchema, messageSchemaOf } = await import('./message-schema.js')
      const schema = dialect === undefined ? messageSchema() : messageSchemaOf(dialect)
      await run(
        pipe(
          TE.fromEither(
            E.mapLeft((reason: string) =>
              failure(`the messages cannot be described: ${reason}`, BUG),
            )(schema),
          ),
          TE.map(described => {
            terminal.out(JSON.stringify(described, null, 2))
            return EXIT.ok
          }),
        ),
      )
    })
}
