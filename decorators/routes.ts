import type { HttpMethod } from '../lib/domain/http.js'
import type { AnswerFor, RequestFor, RouteSchema } from '../lib/domain/route-schema.js'
import { type HandlerDecorator, noteOnMethod } from './method-decorator.js'

/**
 * A route decorator: `@Get('/:id', { query: Page })`.
 *
 * The path begins with `/` and is relative to the plugin's own route. A segment `:name` matches any
 * one segment, and a last segment `*` the rest of the path. The path and the codecs of `schema`
 * give the type of the handler's request. The handler may return any form of `Returned`, with a
 * value of the `response` codec if there is one.
 */
export type RouteDecorator = <const P extends string, const S extends RouteSchema = {}>(
  path: P,
  schema?: S,
) => HandlerDecorator<RequestFor<P, S>, AnswerFor<S>>

const route =
  (method: HttpMethod): RouteDecorator =>
  (path, schema) =>
    noteOnMethod({ _tag: 'Route', method, path, schema: schema ?? {} })

/** Answers GET, and HEAD if there is no `@Head`. */
export const Get = route('GET')
/** Answers POST. */
export const Post = route('POST')
/** Answers PUT. */
export const Put = route('PUT')
/** Answers PATCH. */
export const Patch = route('PATCH')
/** Answers DELETE. */
export const Delete = route('DELETE')
/** Answers HEAD instead of `@Get`. The body is not sent. */
export const Head = route('HEAD')
/** Answers OPTIONS instead of the framework, which answers 204 with `Allow`. */
export const Options = route('OPTIONS')
