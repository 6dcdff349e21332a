import type * as t from 'io-ts'
import type { HttpRequest } from './http.js'

/**
 * Codecs for the parts of a request. `params`, `query` and `headers` decode objects of strings (a repeated query key comes as an array where the codec
 * asks for one); `body` decodes parsed JSON, or the fields of a form. What does not fit is answered with 400 before the handler runs.
 * A body with too much structure is answered with 413 before it is parsed: nested more than 64 deep, or of more than 250,000 values.
 */
export interface RouteSchema {
  readonly params?: t.Mixed
  readonly query?: t.Mixed
  readonly headers?: t.Mixed
  readonly body?: t.Mixed
}

type Names<P extends string> = P extends `${infer Head}/${infer Rest}`
  ? Names<Head> | Names<Rest>
  : P extends `:${infer Name}`
    ? Name
    : P extends '*'
      ? '*'
      : never

/** The parameters of a path: `PathParams<'/:id/files/*'>` is `{ readonly id: string; readonly '*': string }`. */
export type PathParams<P extends string> = string extends P ? Readonly<Record<string, string>> : { readonly [K in Names<P>]: string }

type Part<S, K extends keyof RouteSchema> = S extends { readonly [k in K]: infer C extends t.Mixed }
  ? { readonly [k in K]: t.TypeOf<C> }
  : {}

/** The request that a route's handler is called with, from its path and its schema. */
export type RequestFor<P extends string, S extends RouteSchema> = HttpRequest<
  (S extends { readonly params: infer C extends t.Mixed } ? { readonly params: t.TypeOf<C> } : { readonly params: PathParams<P> }) &
    Part<S, 'query'> &
    Part<S, 'headers'> &
    Part<S, 'body'>
>
