import type { CodecDescription, RouteDescription } from '../../../domain/plugin-description.js'
import { propertiesOf } from './description.js'
import { example } from './schema-example.js'

/** A name and its value: a row of a form. Rows without a name or a value are not sent. */
export type Pair = readonly [name: string, value: string]

/** The form of a route, filled in. */
export interface Call {
  readonly method: string
  /** The route's path, with its `:name` parameters. */
  readonly route: string
  readonly params: Readonly<Record<string, string>>
  readonly query: ReadonlyArray<Pair>
  readonly headers: ReadonlyArray<Pair>
  readonly body: string
}

/** A request as it is sent. The path is the part below the plugin's route, with the query. */
export interface RouteRequest {
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyArray<Pair>
  readonly body: string | null
}

/** The form of a route before anything was entered. */
export const blankCall = (route: RouteDescription): Call => ({
  method: route.method,
  route: route.path,
  params: Object.fromEntries(route.params.map(name => [name, ''])),
  query: propertiesOf(route.codecs.query).map(([name]) => [name, '']),
  headers: propertiesOf(route.codecs.headers).map(([name]) => [name, '']),
  body: takesBody(route) ? exampleText(route.codecs.body) : '',
})

/** A value of a codec as JSON; empty if the codec has no JSON Schema. */
export const exampleText = (codec: CodecDescription | null | undefined): string =>
  codec === null || codec === undefined || codec.schema === null
    ? ''
    : JSON.stringify(example(codec.schema), null, 2)

/**
 * Whether the form of a route has a body field: its method usually has a body, or it has a codec
 * for one. Browsers send none with GET and HEAD.
 */
export const takesBody = ({ method, codecs }: RouteDescription): boolean =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (['POST', 'PUT', 'PATCH'].includes(method) || codecs.body !== undefined)

/** The request of a form, or why it cannot be sent. */
export const requestOf = (
  call: Call,
): { readonly request: RouteRequest } | { readonly problem: string } => {
  const missing = Object.keys(call.params).find(name => name !== '*' && call.params[name] === '')
  if (missing !== undefined) return { problem: `${missing} is empty: the path needs it` }
  const path = filledPath(call)
  // Browsers resolve such segments before they send the request, encoded or not.
  if (path.split('/').some(segment => segment === '.' || segment === '..'))
    return { problem: 'a browser cannot send "." or ".." as a segment' }
  const query = new URLSearchParams(
    call.query
      .filter(([name, value]) => name !== '' && value !== '')
      .map(([name, value]) => [name, value]),
  )
  const body = call.body === '' ? null : call.body
  return {
    request: {
      method: call.method,
      path: query.size === 0 ? path : `${path}?${query}`,
      headers: withContentType(
        call.headers.filter(([name, value]) => name !== '' && value !== ''),
        body,
      ),
      body,
    },
  }
}

const filledPath = ({ route, params }: Call): string =>
  route
    .split('/')
    .map(segment => {
      if (segment === '*') return (params['*'] ?? '').split('/').map(encodeURIComponent).join('/')
      return segment.startsWith(':')
        ? encodeURIComponent(params[segment.slice(1)] ?? '')
        : encodeURI(segment)
    })
    .join('/')

const withContentType = (headers: ReadonlyArray<Pair>, body: string | null): ReadonlyArray<Pair> =>
  body === null || headers.some(([name]) => name.toLowerCase() === 'content-type')
    ? headers
    : [['content-type', 'application/json'], ...headers]
