import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { clipped, explain, sentence } from '../codec/explain.js'
import { arraysFor } from '../codec/query-lists.js'
import type { Headers, HttpRequest, Query } from '../domain/http.js'
import {
  type Detail,
  invalidRequest,
  type PluginError,
  payloadTooLarge,
  toPluginError,
  unsupportedMediaType,
} from '../domain/plugin-error.js'
import { REQUEST_PARTS, type RequestPart, type RouteSchema } from '../domain/route-schema.js'
import { parseJsonText } from '../domain/text/json-bounds.js'
import { utf8Length } from '../domain/text/utf8.js'
import { formProblem, parseQuery } from './query.js'
import { withParts } from './request.js'

/**
 * Decodes the parts of a request for which its route has codecs. Yields 400, 413 or 415, with every
 * reason, if they do not fit.
 */
export type RequestDecoder = (
  req: HttpRequest,
) => Either<PluginError, HttpRequest<Record<RequestPart, unknown>>>

type PartDecoder = (req: HttpRequest) => Either<PluginError, unknown>

/**
 * The decoder of a route. `bodyLimit` is in bytes of UTF-8, and applies if there is a codec for the
 * body. An author's codec may throw.
 */
export const requestDecoder = (schema: RouteSchema, bodyLimit: number): RequestDecoder => {
  const decoders = REQUEST_PARTS.flatMap(part => {
    const codec = schema[part]
    return codec === undefined ? [] : [[part, partDecoder(part, codec, bodyLimit)] as const]
  })
  if (decoders.length === 0) return E.right
  return req => {
    const parts: Record<RequestPart, unknown> = {
      params: req.params,
      query: req.query,
      headers: req.headers,
      body: req.body,
    }
    const refusals: PluginError[] = []
    try {
      for (const [part, decode] of decoders) {
        const decoded = decode(req)
        if (E.isLeft(decoded)) refusals.push(decoded.left)
        else parts[part] = decoded.right
      }
    } catch (thrown) {
      return E.left(toPluginError(thrown))
    }
    return refusals.length === 0 ? E.right(withParts(req, parts)) : E.left(combine(refusals))
  }
}

/** Several errors as one. If one of them is more than a 400 with details, it alone is told. */
const combine = (errors: ReadonlyArray<PluginError>): PluginError => {
  const special = errors.find(
    error => error._tag !== 'InvalidRequest' || error.status !== 400 || error.details === undefined,
  )
  return (
    special ??
    badRequest(
      errors.flatMap(error => (error._tag === 'InvalidRequest' ? (error.details ?? []) : [])),
    )
  )
}

const badRequest = (details: ReadonlyArray<Detail>): PluginError =>
  invalidRequest(sentence(details), { details })

/** Headers whose values are never repeated in an error. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
])

const partDecoder = (part: RequestPart, codec: t.Mixed, bodyLimit: number): PartDecoder => {
  const input = inputOf(part, codec, bodyLimit)
  const refuse = E.mapLeft((errors: t.Errors) => badRequest(explain(errors, part, CREDENTIALS)))
  return req => {
    const given = input(req)
    return E.isLeft(given) ? given : refuse(codec.decode(given.right))
  }
}

/** What a codec is given to decode. */
const inputOf = (part: RequestPart, codec: t.Mixed, bodyLimit: number): PartDecoder => {
  const arrays = arraysFor(codec)
  switch (part) {
    case 'params':
      return req => E.right(req.params)
    case 'query':
      return req => E.right({ ...arrays(req.query) })
    case 'headers':
      return req => E.right({ ...req.headers })
    case 'body':
      return bodyReader(arrays, bodyLimit)
  }
}

const bodyReader =
  (arrays: (query: Query) => Query, limit: number): PartDecoder =>
  ({ body, headers }) => {
    if (body === null || body === '') return E.right(undefined)
    // A unit of UTF-16 takes at most three bytes, so most bodies need not be measured.
    if (body.length > limit || (body.length * 3 > limit && utf8Length(body) > limit)) {
      return E.left(
        payloadTooLarge(
          `the body is longer than ${limit} bytes, which is the most that is read here`,
        ),
      )
    }
    const kind = mediaType(headers)
    if (kind === 'json') return parseJson(body)
    if (kind === 'form') return readForm(body, arrays)
    return E.left(
      unsupportedMediaType(
        `expected a body of application/json or application/x-www-form-urlencoded, got ${clipped(kind.other)}`,
      ),
    )
  }

/** A body without a content type counts as JSON, which most clients send. */
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

const parseJson = (body: string): Either<PluginError, unknown> =>
  pipe(
    parseJsonText(body),
    E.mapLeft(fault =>
      fault._tag === 'BeyondBounds'
        ? payloadTooLarge(`the body is not read: ${fault.reason}`)
        : badRequest([{ path: 'body', expected: 'JSON', got: 'text that is not JSON' }]),
    ),
  )

const readForm = (body: string, arrays: (query: Query) => Query): Either<PluginError, unknown> => {
  const problem = formProblem(body)
  return problem === undefined ? E.right({ ...arrays(parseQuery(body)) }) : E.left(problem)
}
