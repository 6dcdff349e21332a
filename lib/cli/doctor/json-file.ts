import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { messageOf } from '../cli-error.js'

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Why a file is no JSON object. */
export interface Unread {
  readonly missing: boolean
  readonly reason: string
}

/**
 * Reads a JSON object. With `comments`, comments and trailing commas are allowed, as in a
 * tsconfig.json.
 */
export const readJson = (file: string, comments: boolean): E.Either<Unread, JsonObject> =>
  pipe(
    E.tryCatch(
      () => readFileSync(file, 'utf8'),
      (cause): Unread => ({
        missing: cause instanceof Error && 'code' in cause && cause.code === 'ENOENT',
        reason: messageOf(cause),
      }),
    ),
    E.chain(text => {
      const errors: ParseError[] = []
      const value: unknown = parse(text, errors, {
        disallowComments: !comments,
        allowTrailingComma: comments,
      })
      const [first] = errors
      if (first !== undefined) {
        const line = text.slice(0, first.offset).split('\n').length
        return E.left({
          missing: false,
          reason: `line ${line}: ${printParseErrorCode(first.error)}`,
        })
      }
      return t.UnknownRecord.is(value)
        ? E.right(value)
        : E.left({ missing: false, reason: 'it is no JSON object' })
    }),
  )
