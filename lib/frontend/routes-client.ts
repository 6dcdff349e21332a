import type { PanelApi } from './panel-api.js'

/** A value in a path or a query. It is sent as text. */
export type Scalar = string | number | boolean

/** The result of a request. A request that fails in the browser or on the way has the status 0. */
export type RouteAnswer<Body> =
  | { readonly ok: true; readonly status: number; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly error: RouteError }

/**
 * Why a request failed. `error` is the plugin's kind of error (`InvalidRequest`, `Internal`, …),
 * `Host` if the host answered instead, or `Browser` if no answer came.
 */
export interface RouteError {
  readonly error: string
  readonly message: string
  /** The parts of the request that did not fit. */
  readonly details?: ReadonlyArray<{
    readonly path: string
    readonly expected: string
    readonly got: string
  }>
}

/** Options of every request. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

type RoutesOf<Routes, Method> = Method extends keyof Routes ? Routes[Method] : {}
type RequestOf<Route> = Omit<Route, 'answer'> & CallOptions
/** A request without required parts may be omitted. */
type Arguments<Route> =
  {} extends RequestOf<Route> ? [request?: RequestOf<Route>] : [request: RequestOf<Route>]
type BodyOf<Route> = Route extends { readonly answer: infer Body } ? Body : unknown

/** Calls the routes of one method: `client.get('/notes/:id', { params: { id } })`. */
export type RouteCall<Routes> = <Path extends keyof Routes & string>(
  path: Path,
  ...request: Arguments<Routes[Path]>
) => Promise<RouteAnswer<BodyOf<Routes[Path]>>>

/**
 * A typed client for the routes of a plugin, by method and path. `toru-plugin routes --client`
 * generates `Routes`.
 */
export interface RoutesClient<Routes> {
  readonly get: RouteCall<RoutesOf<Routes, 'get'>>
  readonly post: RouteCall<RoutesOf<Routes, 'post'>>
  readonly put: RouteCall<RoutesOf<Routes, 'put'>>
  readonly patch: RouteCall<RoutesOf<Routes, 'patch'>>
  readonly delete: RouteCall<RoutesOf<Routes, 'delete'>>
  readonly head: RouteCall<RoutesOf<Routes, 'head'>>
  readonly options: RouteCall<RoutesOf<Routes, 'options'>>
}

/**
 * Creates a client for the routes of this plugin from the panel's `api`. Its calls never reject.
 */
export const routesClient = <Routes>(api: Pick<PanelApi, 'fetch'>): RoutesClient<Routes> => {
  const by = (method: string) => (path: string, request?: AnyRequest) =>
    call(api, method, path, request)
  return {
    get: by('GET'),
    post: by('POST'),
    put: by('PUT'),
    patch: by('PATCH'),
    delete: by('DELETE'),
    head: by('HEAD'),
    options: by('OPTIONS'),
  }
}

interface AnyRequest extends CallOptions {
  readonly params?: unknown
  readonly query?: unknown
  readonly headers?: unknown
  readonly body?: unknown
}

const call = async (
  api: Pick<PanelApi, 'fetch'>,
  method: string,
  path: string,
  request: AnyRequest = {},
) => {
  const { body, signal } = request
  const url = filled(path, valuesOf(request.params))
  if (url === undefined)
    return failed(
      0,
      'Browser',
      `${path}: a parameter is missing, or is one that a path cannot hold: "", "." or ".."`,
    )
  const headers = Object.fromEntries(
    Object.entries(valuesOf(request.headers)).map(([name, value]) => [name, String(value)]),
  )
  try {
    const response = await api.fetch(url + queryOf(valuesOf(request.query)), {
      method,
      headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    const { ok, status } = response
    const text = await response.text()
    if (!ok) return failed(status, ...reasonIn(text))
    const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '')
    return { ok, status, body: text === '' ? undefined : isJson ? JSON.parse(text) : text }
  } catch (error) {
    return failed(0, 'Browser', error instanceof Error ? error.message : String(error))
  }
}

const valuesOf = (part: unknown): Readonly<Record<string, unknown>> => ({
  ...(typeof part === 'object' ? part : {}),
})

/**
 * Fills in the parameters of a path. `undefined` if it would lead elsewhere: browsers resolve `.`
 * and `..` segments, encoded or not.
 */
const filled = (path: string, params: Readonly<Record<string, unknown>>): string | undefined => {
  const segments = path.split('/').flatMap(segment => {
    if (segment === '*')
      return String(params['*'] ?? '')
        .split('/')
        .map(part => [part, part] as const)
    return segment.startsWith(':')
      ? [[segment, String(params[segment.slice(1)] ?? '')] as const]
      : [[segment, segment] as const]
  })
  const leadsElsewhere = segments.some(
    ([name, value]) => value === '.' || value === '..' || (name !== value && value === ''),
  )
  return leadsElsewhere
    ? undefined
    : segments.map(([, value]) => encodeURIComponent(value)).join('/')
}

const queryOf = (query: Readonly<Record<string, unknown>>): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(each => [
      name,
      String(each),
    ]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

type Reason = readonly [error: string, message: string, details?: RouteError['details']]

const failed = (
  status: number,
  error: string,
  message: string,
  details?: RouteError['details'],
) => ({
  ok: false as const,
  status,
  error: details === undefined ? { error, message } : { error, message, details },
})

/** A plugin answers `{ error, message, details? }`, a host `{ error }` or any text. */
const reasonIn = (text: string): Reason => {
  try {
    const { error, message, details } = JSON.parse(text)
    if (typeof message === 'string')
      return [String(error), message, Array.isArray(details) ? details : undefined]
    return ['Host', typeof error === 'string' ? error : text]
  } catch {
    return ['Host', text]
  }
}
