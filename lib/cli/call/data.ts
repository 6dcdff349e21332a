import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { decodeText } from '../../domain/text/decode-text.js'
import { type CliError, failure, failureOf } from '../cli-error.js'

/**
 * The values of `-d` as one text, joined with `&` as curl does: `@file` is the content of a file,
 * `@-` is stdin. A byte order mark is left out.
 */
export const dataOf = (values: ReadonlyArray<string>): TaskEither<CliError, string | undefined> =>
  values.length === 0
    ? TE.right(undefined)
    : pipe(
        TE.traverseSeqArray(textOf)(values),
        TE.map(texts => texts.join('&')),
      )

const textOf = (value: string): TaskEither<CliError, string> =>
  value.startsWith('@')
    ? pipe(
        bytesOf(value.slice(1)),
        TE.chainEitherK(bytes =>
          pipe(
            decodeText(bytes),
            E.mapLeft(reason =>
              failure(
                `-d ${value}: ${reason}`,
                'The protocol carries only text: encode other data, for example with base64.',
              ),
            ),
          ),
        ),
      )
    : TE.right(value)

const bytesOf = (file: string): TaskEither<CliError, Uint8Array> =>
  TE.tryCatch(
    () => (file === '-' ? buffer(process.stdin) : readFile(file)),
    cause =>
      failureOf(
        `-d @${file} cannot be read`,
        cause,
        'Data that begins with @ names a file. To send an @, put the data into a file, or use @-.',
      ),
  )
