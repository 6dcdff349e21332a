import type { CodecDescription, RouteDescription } from '../../../domain/plugin-description.js'
import { propertiesOf } from './description.js'
import { example } from './schema-example.js'

/**
 * A name and its value, as a row of a form. A row without a name, or of the query without a value,
 * is not sent.
 */
export type Pair = readonly [name: string, value: string]

/** A form that is filled in to call a route. */
export interface Call {
  readonly method: string
  /** The route's path, with its `:names`. */
  readonly route: string
  readonly params: Readonly<Record<string, string>>
  readonly query: ReadonlyArray<Pair>
  readonly headers: ReadonlyArray<Pair>
  readonly body: string
}

/**
 * A request as it is sent: the path below the plugin's route, query included, and only the headers
 * that count.
 */
export interface RouteRequest {
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyArray<Pair>
  readonly body: string | null
}

/** The form of a route as it is before anybody writes in it. */
export const blankCall = (route: RouteDescription): Call => ({
  method: route.method,
  route: route.path,
  params: Object.fromEntries(route.params.map(name => [name, ''])),
  query: propertiesOf(route.codecs.query).map(([name]) => [name, '']),
  headers: propertiesOf(route.codecs.headers).map(([name]) => [name, '']),
  body: takesBody(route) ? exampleText(route.codecs.body) : '',
})

/** An example of a codec's values as JSON; empty where there is no codec that can be seen. */
export const exampleText = (codec: CodecDescription | null | undefined): string =>
  codec === null || codec === undefined || codec.schema === null
    ? ''
    : JSON.stringify(example(codec.schema), null, 2)

/**
 * Whether a form has a field for the body: where the method usually has one, or the route reads
 * one. A browser sends none with GET and HEAD.
 */
export const takesBody = ({ method, codecs }: RouteDescription): boolean =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (['POST', 'PUT', 'PATCH'].includes(method) || codecs.body !== undefined)

/** The request of a form, or what keeps it from being sent. */
export const requestOf = (
  call: Call,
): { readonly request: RouteRequest } | { readonly problem: string } => {
  const missing = Object.keys(call.params).find(name => name !== '*' && call.params[name] === '')
  if (missing !== undefined) return { problem: `${missing} is empty: the path needs it` }
  const path = filledPath(call)
  // A browser takes such a segment out of an address before it sends it, encoded or not.
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
