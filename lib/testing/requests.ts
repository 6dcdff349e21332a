import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import type { Headers } from '../domain/http.js'
import type { Answer, KvMessage, RequestMessage } from '../domain/message.js'
import { type PluginError, protocolError, serializationError } from '../domain/plugin-error.js'
import { TestFailure } from './test-failure.js'

/** The options of a request. */
export interface TestRequestOptions {
  /** Header names in any case. They arrive in lower case, as from the host. */
  readonly headers?: Headers
  /**
   * Its abort closes the connection before the answer, which aborts `req.signal` of the handler.
   */
  readonly signal?: AbortSignal
}

/** A request. */
export interface TestRequest extends TestRequestOptions {
  readonly method: string
  /**
   * The path below the plugin's route with its query, as a browser writes it: `/notes/a%20b?tag=x`.
   */
  readonly path: string
  /**
   * A text is sent as it is, `URLSearchParams` as a form, and any other value as JSON, each with
   * its `Content-Type` unless `headers` have one.
   */
  readonly body?: unknown
}

/** The answer of a plugin. */
export interface TestResponse {
  readonly status: number
  /** Header names in lower case. */
  readonly headers: Headers
  readonly body: string | null
  /** The body as parsed JSON; `undefined` if it is not JSON. */
  readonly json: unknown
  /** The error of a request that failed, with its cause, which the answer does not tell. */
  readonly error?: PluginError
}

/**
 * Sends a request. Resolves for every status, and rejects with a {@link TestFailure} if there is no
 * answer.
 */
export type Send = (path: string, options?: TestRequestOptions) => Promise<TestResponse>
/** {@link Send} with a body: see {@link TestRequest}. */
export type SendBody = (
  path: string,
  body?: unknown,
  options?: TestRequestOptions,
) => Promise<TestResponse>

/** Sends requests to a plugin: a function for each method. */
export interface TestRequests {
  readonly request: (request: TestRequest) => Promise<TestResponse>
  readonly get: Send
  readonly head: Send
  readonly options: Send
  readonly delete: Send
  readonly post: SendBody
  readonly put: SendBody
  readonly patch: SendBody
}

/**
 * Sends KV messages to a plugin, which reach its `@Kv` handlers or its store. The protocol answers
 * a failure with `null`; here the promise rejects with a {@link TestFailure}, whose `error` says
 * why.
 */
export interface TestKv {
  readonly get: (key: string) => Promise<string | null>
  readonly set: (key: string, value: string) => Promise<void>
  readonly delete: (key: string) => Promise<void>
}

/**
 * Decodes the JSON of an answer: `plugin.get('/1').then(jsonAs(Note))`. Rejects if it does not fit,
 * with the answer in the message.
 */
export const jsonAs =
  <A>(codec: t.Type<A, unknown, unknown>) =>
  ({ status, body, json }: TestResponse): Promise<A> => {
    const decoded = codec.decode(json)
    return E.isRight(decoded)
      ? Promise.resolve(decoded.right)
      : Promise.reject(
          new TestFailure(
            `the answer ${status} ${body ?? 'without a body'}`,
            serializationError(sentence(explain(decoded.left))),
          ),
        )
  }

/** A request with an id. */
export type NamedRequest = RequestMessage & { readonly requestId: string }

/** Sends a request to the plugin. Yields the answer, and the error behind it if there is one. */
export type Ask = (
  message: (requestId: string) => NamedRequest,
  signal?: AbortSignal,
) => Promise<E.Either<PluginError, readonly [Answer, PluginError | undefined]>>

/**
 * Makes the functions that send requests. `pathDecoded` says that paths are sent percent-decoded,
 * as the host does in `tagged`.
 */
export const testRequests = (ask: Ask, pathDecoded: boolean): TestRequests => {
  const request = async ({
    method,
    path,
    headers = {},
    body,
    signal,
  }: TestRequest): Promise<TestResponse> => {
    const [type, text] = bodyOf(body)
    const message = (requestId: string): NamedRequest => ({
      _tag: 'Http',
      requestId,
      method,
      path: pathDecoded ? hostDecoded(path) : path,
      pathDecoded,
      headers: { ...(type === undefined ? {} : { 'content-type': type }), ...lowerCase(headers) },
      body: text,
    })
    const asked = await ask(message, signal)
    if (E.isLeft(asked)) return Promise.reject(new TestFailure(`${method} ${path}`, asked.left))
    const [answer, error] = asked.right
    return answer._tag === 'HttpAnswer' ? responseOf(answer, error) : rejected(`${method} ${path}`)
  }
  const without =
    (method: string): Send =>
    (path, options = {}) =>
      request({ ...options, method, path })
  const withBody =
    (method: string): SendBody =>
    (path, body, options = {}) =>
      request({ ...options, method, path, body })
  return {
    request,
    get: without('GET'),
    head: without('HEAD'),
    options: without('OPTIONS'),
    delete: without('DELETE'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
  }
}

/** Makes the functions that send KV messages. */
export const testKv = (ask: Ask): TestKv => {
  const operation = async (
    action: KvMessage['action'],
    key: string,
    value?: string,
  ): Promise<string | null> => {
    const what = `KV ${action} ${key}`
    const asked = await ask(requestId => ({ _tag: 'Kv', requestId, action, key, value }))
    if (E.isLeft(asked)) return Promise.reject(new TestFailure(what, asked.left))
    const [answer, error] = asked.right
    if (error !== undefined) return Promise.reject(new TestFailure(what, error))
    return answer._tag === 'KvAnswer' ? answer.value : rejected(what)
  }
  return {
    get: key => operation('get', key),
    set: async (key, value) => void (await operation('set', key, value)),
    delete: async key => void (await operation('delete', key)),
  }
}

const rejected = (what: string): Promise<never> =>
  Promise.reject(
    new TestFailure(what, protocolError('the plugin answered with a message of another kind')),
  )

const lowerCase = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const bodyOf = (body: unknown): readonly [type: string | undefined, text: string | null] => {
  if (body === undefined || body === null) return [undefined, null]
  if (typeof body === 'string') return [undefined, body]
  if (body instanceof URLSearchParams) return ['application/x-www-form-urlencoded', body.toString()]
  return ['application/json', JSON.stringify(body) ?? null]
}

/**
 * A path as the host sends it: decoded, without its query. One that cannot be decoded stays as it
 * is.
 */
const hostDecoded = (path: string): string => {
  const cut = path.indexOf('?')
  const [place, query] = cut === -1 ? [path, ''] : [path.slice(0, cut), path.slice(cut)]
  return (
    E.getOrElse(() => place)(
      E.tryCatch(
        () => decodeURIComponent(place),
        () => undefined,
      ),
    ) + query
  )
}

const responseOf = (
  {
    status,
    headers,
    body,
  }: { readonly status: number; readonly headers: Headers; readonly body: string | null },
  error: PluginError | undefined,
): TestResponse => ({
  status,
  headers: lowerCase(headers),
  body,
  json: parsed(body),
  ...(error === undefined ? {} : { error }),
})

const parsed = (body: string | null): unknown => {
  const value: E.Either<unknown, unknown> = E.tryCatch(
    () => JSON.parse(body ?? ''),
    cause => cause,
  )
  return E.isRight(value) ? value.right : undefined
}
