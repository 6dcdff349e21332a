import type * as t from 'io-ts'
import type { Headers, HttpRequest, Query } from './http.js'

/**
 * Codecs for the parts of a request, and for the answer. `params`, `query` and `headers` decode
 * objects of strings; a query key is an array of strings if the codec asks for one. `body` decodes
 * parsed JSON, or the fields of a form. A request that does not fit is answered with 400 before the
 * handler runs. A body that is nested more than 64 deep, or holds more than 250,000 values, is
 * answered with 413 before it is parsed.
 */
export interface RouteSchema {
  readonly params?: t.Mixed
  readonly query?: t.Mixed
  readonly headers?: t.Mixed
  readonly body?: t.Mixed
  /**
   * The codec of the handler's answer, as plain data or in `json`. A handler that returns anything
   * else does not compile, and the answer is sent as the codec encodes it. `dev` and tests also
   * check each value at run time: see `TORU_CHECK_ANSWERS`. Other responses (`text`, `empty`,
   * `redirect`, …) are sent as they are.
   */
  readonly response?: t.Mixed
}

/** The codecs that decode a request. */
export const REQUEST_PARTS = ['params', 'query', 'headers', 'body'] as const
/** The name of a part of a request that a codec decodes. */
export type RequestPart = (typeof REQUEST_PARTS)[number]

type Names<P extends string> = P extends `${infer Head}/${infer Rest}`
  ? Names<Head> | Names<Rest>
  : P extends `:${infer Name}`
    ? Name
    : P extends '*'
      ? '*'
      : never

/**
 * The parameters of a path: `PathParams<'/:id/files/*'>` is `{ readonly id: string; readonly '*':
 * string }`.
 */
export type PathParams<P extends string> = string extends P
  ? Readonly<Record<string, string>>
  : { readonly [K in Names<P>]: string }

/** What the codec of a part decodes, or what the part is without one. */
type Part<S, K extends RequestPart, Otherwise> = S extends {
  readonly [k in K]: infer C extends t.Mixed
}
  ? t.TypeOf<C>
  : Otherwise

/** The request that a route's handler is called with, from its path and its schema. */
export type RequestFor<P extends string, S extends RouteSchema> = HttpRequest<{
  readonly params: Part<S, 'params', PathParams<P>>
  readonly query: Part<S, 'query', Query>
  readonly headers: Part<S, 'headers', Headers>
  readonly body: Part<S, 'body', string | null>
}>

/** What a route's handler answers with; `unknown` without a codec. */
export type AnswerFor<S extends RouteSchema> = S extends {
  readonly response: infer C extends t.Mixed
}
  ? t.TypeOf<C>
  : unknown
