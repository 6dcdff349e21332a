/** The HTTP methods that a route can be declared for. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'

/** Header names (lower case in a request) with one value each. */
export type Headers = Readonly<Record<string, string>>

/**
 * A query string without a codec: each key with its text, or with all its texts if it came more
 * than once.
 */
export type Query = Readonly<Record<string, string | ReadonlyArray<string>>>

/** The types of the four parts of a request that a schema can decode. */
export interface RequestShape {
  readonly params?: unknown
  readonly query?: unknown
  readonly headers?: unknown
  readonly body?: unknown
}

/**
 * A request as a handler gets it. The parts that the route has a codec for are decoded, the others
 * are text.
 *
 * `HttpRequest<{ params: { id: string }; body: NewNote }>` names the types of the decoded parts.
 * The host sends paths relative to the plugin's own route, header names in lower case with one
 * value each, and bodies as text (docs/protocol.md#messages).
 */
export interface HttpRequest<S extends RequestShape = {}> {
  /** As the host sent it: `GET`, `POST`, … */
  readonly method: string
  /** The path below the plugin's route, without the query string: `/notes/5`. */
  readonly path: string
  /** The path as it came, with the query string. */
  readonly url: string
  /** The values of the path's `:name`s, percent-decoded; that of a last `*` under the name `*`. */
  readonly params: S extends { readonly params: infer P } ? P : Readonly<Record<string, string>>
  readonly query: S extends { readonly query: infer Q } ? Q : Query
  /**
   * Without the host's session cookie, unless the plugin asks for it with `forwardSessionCookie`.
   */
  readonly headers: S extends { readonly headers: infer H } ? H : Headers
  /** What the body codec decoded; without a codec the text as it came, or `null`. */
  readonly body: S extends { readonly body: infer B } ? B : string | null
  /** The name that the host gave this request, if any. */
  readonly requestId: string | null
  /**
   * Aborted when nobody waits for the answer any more. The reason is a `TimeoutError` after
   * `httpTimeout`, and an `AbortError` when the connection is lost. Pass the signal to `fetch`:
   * it then fails with the reason.
   */
  readonly signal: AbortSignal
}
