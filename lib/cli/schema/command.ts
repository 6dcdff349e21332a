import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DialectName } from '../../protocol.js'
import { failure } from '../cli-error.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'

/** `toru-plugin schema`. */
export const addSchema: AddCommand = ({ program, terminal, run }) => {
  program
    .command('schema')
    .description('print the JSON Schema (2020-12) of every message between host and plugin')
    .addOption(
      new Option('--dialect <name>', 'only the messages of this dialect').choices([
        'documented',
        'nested',
        'tagged',
      ]),
    )
    .addHelpText(
      'after',
      `
The same text is in the package: import schema from 'toru-plugin-api/schema.json' with { type: 'json' }

Examples:
  toru-plugin schema > messages.schema.json
  toru-plugin schema --dialect tagged`,
    )
    .action(async ({ dialect }: { readonly dialect?: DialectName }) => {
      const { messageSchema, messageSchemaOf } = await import('./message-schema.js')
      const schema = dialect === undefined ? messageSchema() : messageSchemaOf(dialect)
      await run(
        pipe(
          TE.fromEither(
            E.mapLeft((reason: string) => failure(`the messages cannot be described: ${reason}`))(
              schema,
            ),
          ),
          TE.map(described => {
            terminal.out(JSON.stringify(described, null, 2))
            return EXIT.ok
          }),
        ),
      )
    })
}
