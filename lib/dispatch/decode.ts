import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { explain } from '../codec/explain.js'
import { missingValue, propNames } from '../codec/props.js'
import { arraysFor } from '../codec/query-lists.js'
import type { HttpRequest } from '../domain/http.js'
import { type PluginError, toPluginError } from '../domain/plugin-error.js'
import { REQUEST_PARTS, type RequestPart, type RouteSchema } from '../domain/route-schema.js'
import { badRequest, combine } from './bad-request.js'
import { bodyReader, fieldsOf } from './body.js'
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
  switch (part) {
    case 'params':
      return req => E.right(req.params)
    case 'query': {
      const lists = arraysFor(codec)
      return req => fieldsOf('query', req.query, lists)
    }
    case 'headers':
      return headersReader(codec)
    case 'body':
      return bodyReader({
        limit: bodyLimit,
        missing: missingValue(codec),
        lists: arraysFor(codec),
      })
  }
}

/**
 * The headers, whose names are in lower case, and once more under each name that the codec writes
 * in another way: `X-Api-Key`.
 */
const headersReader = (codec: t.Mixed): PartDecoder => {
  const names = (propNames(codec) ?? []).filter(name => name !== name.toLowerCase())
  if (names.length === 0) return req => E.right({ ...req.headers })
  return ({ headers }) =>
    E.right({
      ...headers,
      ...Object.fromEntries(
        names.flatMap(name => {
          const value = headers[name.toLowerCase()]
          return value === undefined ? [] : [[name, value] as const]
        }),
      ),
    })
}
