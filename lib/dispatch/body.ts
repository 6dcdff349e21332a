import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Headers, HttpRequest, Query } from '../domain/http.js'
import { type PluginError, payloadTooLarge, unsupportedMediaType } from '../domain/plugin-error.js'
import { isWide } from '../domain/text/decode-text.js'
import { type JsonFault, parseJsonText } from '../domain/text/parse-json.js'
import { clipped } from '../domain/text/show.js'
import { utf8Length } from '../domain/text/utf8.js'
import { badPlace, forbiddenField, forbiddenKey } from './bad-request.js'
import { formProblem, parseQuery } from './query.js'

/** How a route decodes its bodies. */
export interface BodyOptions {
  /** The longest body, in bytes of UTF-8. */
  readonly limit: number
  /** What stands for a body that is missing. */
  readonly missing: () => unknown
  readonly decode: (value: unknown) => Either<PluginError, unknown>
  /** Decodes the fields of a form. */
  readonly decodeFields: (fields: Query) => Either<PluginError, unknown>
}

/** Decodes the body of a request: the value of its JSON, or the fields of its form. */
export const bodyDecoder =
  ({ limit, missing, decode, decodeFields }: BodyOptions) =>
  ({ body, headers }: HttpRequest): Either<PluginError, unknown> => {
    if (body === null && Number(headers['content-length']) > 0) return E.left(NOT_UTF8)
    if (body === null || body === '') return decode(missing())
    // A unit of UTF-16 takes at most three bytes, so most bodies need not be measured.
    if (body.length > limit || (body.length * 3 > limit && utf8Length(body) > limit))
      return E.left(
        payloadTooLarge(
          `the body is longer than ${limit} bytes, which is the most that is read here`,
        ),
      )
    const kind = mediaType(headers, body)
    switch (kind._tag) {
      case 'Json': {
        const parsed = parseJsonText(body)
        return E.isLeft(parsed) ? E.left(refusal(body, parsed.left)) : decode(parsed.right)
      }
      case 'Form':
        return decodeForm(body, decodeFields)
      case 'Other':
        return E.left(unsupportedMediaType(`expected a body ${kind.expected}, got ${kind.got}`))
    }
  }

/** The host forwards a body that is not UTF-8 as none (docs/protocol.md#messages). */
const NOT_UTF8 = badPlace('body', 'text in UTF-8', 'bytes that are not')

type MediaType =
  | { readonly _tag: 'Json' | 'Form' }
  | { readonly _tag: 'Other'; readonly expected: string; readonly got: string }

const JSON_TYPE: MediaType = { _tag: 'Json' }
const FORM_TYPE: MediaType = { _tag: 'Form' }

/** A content type has one or two. */
const MOST_PARAMETERS = 8

/** A body without a content type counts as JSON, which most clients send. */
const mediaType = ({ 'content-type': header = '' }: Headers, body: string): MediaType => {
  const [first = '', ...parameters] = header.split(';', MOST_PARAMETERS)
  const type = first.trim().toLowerCase()
  const known =
    type === '' ||
    type === 'application/json' ||
    (type.startsWith('application/') && type.endsWith('+json'))
      ? JSON_TYPE
      : type === 'application/x-www-form-urlencoded'
        ? FORM_TYPE
        : other('of application/json or application/x-www-form-urlencoded', type)
  const charset = parameters.length === 0 ? undefined : charsetIn(parameters)
  return known._tag === 'Other' || charset === undefined || isRead(charset, body)
    ? known
    : other('in UTF-8', charset)
}

const other = (expected: string, got: string): MediaType => ({
  _tag: 'Other',
  expected,
  got: clipped(got),
})

const charsetIn = (parameters: ReadonlyArray<string>): string | undefined =>
  parameters
    .flatMap(parameter => /^\s*charset\s*=\s*"?([^\s"]*)/i.exec(parameter)?.[1] ?? [])[0]
    ?.toLowerCase()

/**
 * Whether the text is what its sender meant: the host takes every body for UTF-8. Other character
 * sets have the same letters as long as they are those of ASCII.
 */
const isRead = (charset: string, body: string): boolean =>
  charset === 'utf-8' || charset === 'utf8' || /^[\u0001-\u007f]*$/.test(body)

const refusal = (body: string, fault: JsonFault): PluginError => {
  switch (fault._tag) {
    case 'BeyondBounds':
      return payloadTooLarge(`the body is not read: ${fault.reason}`)
    case 'ForbiddenKey':
      return forbiddenKey(`body.${fault.path}`, fault.key)
    case 'InfiniteNumber':
      return badPlace(inBody(fault.path), `a number up to ${Number.MAX_VALUE}`, 'a larger one')
    case 'NotJson':
      return badPlace('body', 'JSON', isWide(body) ? 'text in UTF-16' : 'text that is not JSON')
  }
}

const inBody = (path: string): string => (path === '' ? 'body' : `body.${path}`)

const decodeForm = (
  body: string,
  decode: BodyOptions['decodeFields'],
): Either<PluginError, unknown> => {
  const problem = formProblem(body)
  if (problem !== undefined) return E.left(problem)
  const fields = parseQuery(body)
  return forbiddenField('body', fields) ?? decode(fields)
}
