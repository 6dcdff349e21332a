import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { explain } from '../codec/explain.js'
import { headersDecoder } from '../codec/header-names.js'
import { missingValue } from '../codec/props.js'
import { fieldsDecoder } from '../codec/query-lists.js'
import type { HttpRequest } from '../domain/http.js'
import { type PluginError, toPluginError } from '../domain/plugin-error.js'
import { REQUEST_PARTS, type RequestPart, type RouteSchema } from '../domain/route-schema.js'
import { badRequest, combine, forbiddenField } from './bad-request.js'
import { bodyDecoder } from './body.js'
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
  const checked = E.mapLeft((errors: t.Errors) => badRequest(explain(errors, part, CREDENTIALS)))
  switch (part) {
    case 'params':
      return req => checked(codec.decode(req.params))
    case 'query': {
      const decode = fieldsDecoder(codec)
      return ({ query }) => forbiddenField(part, query) ?? checked(decode(query))
    }
    case 'headers': {
      const decode = headersDecoder(codec)
      return req => checked(decode(req.headers))
    }
    case 'body': {
      const decodeFields = fieldsDecoder(codec)
      return bodyDecoder({
        limit: bodyLimit,
        missing: missingValue(codec),
        decode: value => checked(codec.decode(value)),
        decodeFields: fields => checked(decodeFields(fields)),
      })
    }
  }
}
