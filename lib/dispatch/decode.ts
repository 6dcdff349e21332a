import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { clipped, explain, sentence } from '../codec/explain.js'
import { arraysFor } from '../codec/query-lists.js'
import type { Headers, HttpRequest, Query } from '../domain/http.js'
import { parseJsonText } from '../domain/json-bounds.js'
import {
  type Detail,
  invalidRequest,
  type PluginError,
  payloadTooLarge,
  unsupportedMediaType,
} from '../domain/plugin-error.js'
import { REQUEST_PARTS, type RequestPart, type RouteSchema } from '../domain/route-schema.js'
import { utf8Length } from '../domain/utf8.js'
import { formProblem, parseQuery } from './query.js'
import { withParts } from './request.js'

/**
 * A request with the parts decoded that its route has codecs for, or 400, 413 or 415 with every
 * reason.
 */
export type RequestDecoder = (
  req: HttpRequest,
) => Either<PluginError, HttpRequest<Record<RequestPart, unknown>>>

type PartDecoder = (req: HttpRequest) => Either<PluginError, unknown>

/**
 * Made once a route. `bodyLimit` is in bytes of UTF-8 and holds for bodies that a codec decodes.
 */
export const requestDecoder = (schema: RouteSchema, bodyLimit: number): RequestDecoder => {
  if (REQUEST_PARTS.every(part => schema[part] === undefined)) return E.right
  const params = part('params', schema.params, req => E.right(req.params))
  const query = queryDecoder(schema.query)
  const headers = part('headers', schema.headers, req => E.right({ ...req.headers }))
  const body = bodyDecoder(schema.body, bodyLimit)
  return req => {
    const parts = { params: params(req), query: query(req), headers: headers(req), body: body(req) }
    if (
      E.isRight(parts.params) &&
      E.isRight(parts.query) &&
      E.isRight(parts.headers) &&
      E.isRight(parts.body)
    ) {
      return E.right(
        withParts(req, {
          params: parts.params.right,
          query: parts.query.right,
          headers: parts.headers.right,
          body: parts.body.right,
        }),
      )
    }
    return E.left(
      together(Object.values(parts).flatMap(result => (E.isLeft(result) ? [result.left] : []))),
    )
  }
}

/** Several refusals as one: one that is more than a 400 speaks for all. */
const together = (errors: ReadonlyArray<PluginError>): PluginError => {
  const special = errors.find(
    error => error._tag !== 'InvalidRequest' || error.status !== 400 || error.details === undefined,
  )
  return (
    special ??
    refused(errors.flatMap(error => (error._tag === 'InvalidRequest' ? (error.details ?? []) : [])))
  )
}

const refused = (details: ReadonlyArray<Detail>): PluginError =>
  invalidRequest(sentence(details), { details })

/**
 * What these headers carry is nobody's business but the client's: it is never repeated in an error.
 */
const HIDDEN: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
])

const part = (
  name: RequestPart,
  codec: t.Mixed | undefined,
  input: (req: HttpRequest) => Either<PluginError, unknown>,
): PartDecoder => {
  if (codec === undefined) return req => E.right(req[name])
  return req => {
    const given = input(req)
    if (E.isLeft(given)) return given
    const decoded = codec.decode(given.right)
    return E.isRight(decoded) ? decoded : E.left(refused(explain(decoded.left, name, HIDDEN)))
  }
}

const queryDecoder = (codec: t.Mixed | undefined): PartDecoder => {
  if (codec === undefined) return part('query', codec, req => E.right(req.query))
  const arrays = arraysFor(codec)
  return part('query', codec, req => E.right({ ...arrays(req.query) }))
}

const bodyDecoder = (codec: t.Mixed | undefined, limit: number): PartDecoder => {
  if (codec === undefined) return part('body', codec, req => E.right(req.body))
  const arrays = arraysFor(codec)
  return part('body', codec, req => {
    if (req.body === null || req.body === '') return E.right(undefined)
    // A unit of UTF-16 is at most three bytes: most bodies need not be measured.
    if (req.body.length > limit || (req.body.length * 3 > limit && utf8Length(req.body) > limit)) {
      return E.left(
        payloadTooLarge(
          `the body is longer than ${limit} bytes, which is the most that is read here`,
        ),
      )
    }
    const kind = mediaType(req.headers)
    if (kind === 'json') return parseJson(req.body)
    if (kind === 'form') return readForm(req.body, arrays)
    return E.left(
      unsupportedMediaType(
        `expected a body of application/json or application/x-www-form-urlencoded, got ${clipped(kind.other)}`,
      ),
    )
  })
}

/** A body without a content type is taken for JSON, which is all that most clients send. */
const mediaType = (headers: Headers): 'json' | 'form' | { readonly other: string } => {
  const header = headers['content-type']
  const type = header === undefined ? '' : (header.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (
    type === '' ||
    type === 'application/json' ||
    (type.startsWith('application/') && type.endsWith('+json'))
  )
    return 'json'
  return type === 'application/x-www-form-urlencoded' ? 'form' : { other: type }
}

const parseJson = (body: string): Either<PluginError, unknown> => {
  const parsed = parseJsonText(body)
  if (E.isRight(parsed)) return parsed
  if (parsed.left._tag === 'BeyondBounds')
    return E.left(payloadTooLarge(`the body is not read: ${parsed.left.reason}`))
  const details = [{ path: 'body', expected: 'JSON', got: 'text that is not JSON' }]
  return E.left(invalidRequest('body: expected JSON, got text that is not JSON', { details }))
}

const readForm = (body: string, arrays: (query: Query) => Query): Either<PluginError, unknown> => {
  const problem = formProblem(body)
  return problem === undefined ? E.right({ ...arrays(parseQuery(body)) }) : E.left(problem)
}
