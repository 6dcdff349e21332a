import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { type ParseError, parse, printParseErrorCode, visit } from 'jsonc-parser'
import { decodeText } from '../../domain/text/decode-text.js'
import { messageOf } from '../../domain/thrown.js'

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
      () => readFileSync(file),
      (cause): Unread => ({
        missing: cause instanceof Error && 'code' in cause && cause.code === 'ENOENT',
        reason: messageOf(cause),
      }),
    ),
    E.chain(flow(decodeText, E.mapLeft(unread))),
    E.chain(text => {
      const errors: ParseError[] = []
      const value: unknown = parse(text, errors, {
        disallowComments: !comments,
        allowTrailingComma: comments,
      })
      const [first] = errors
      if (first !== undefined) {
        const line = text.slice(0, first.offset).split('\n').length
        return E.left(unread(`line ${line}: ${printParseErrorCode(first.error)}`))
      }
      if (hasPrototype(text)) return E.left(unread('it has the key "__proto__"'))
      return t.UnknownRecord.is(value) ? E.right(value) : E.left(unread('it is no JSON object'))
    }),
  )

const unread = (reason: string): Unread => ({ missing: false, reason })

/** Whether an object in a text has the key `__proto__`, which the parser would take for its own. */
const hasPrototype = (text: string): boolean => {
  let found = false
  visit(text, {
    onObjectProperty: name => {
      found ||= name === '__proto__'
    },
  })
  return found
}
