import * as O from 'fp-ts/lib/Option.js'
import type {
  CodecDescription,
  PluginDescription,
  RouteDescription,
} from '../../domain/plugin-description.js'
import type { JsonSchema } from '../../protocol.js'
import { propertiesOf } from './object-schema.js'
import { type PathItem, pathItems } from './paths.js'
import { gapsIn, type Part, placeOf, sharedSchemas } from './route-schemas.js'

/** An OpenAPI document, as JSON. */
export type OpenApi = Readonly<Record<string, unknown>>

/** An OpenAPI document, and what it does not describe. */
export interface Documented {
  readonly document: OpenApi
  readonly gaps: ReadonlyArray<string>
}

/**
 * The HTTP interface of a plugin as OpenAPI 3.1, as its host serves it: paths, parameters, bodies
 * and answers, from the routes and their codecs. A part that cannot be described takes any value;
 * the gaps name its route, its part and its place.
 */
export const openApi = ({ metadata, routes: described }: PluginDescription): Documented => {
  const { routes, definitions } = sharedSchemas(described, NAMING)
  const ids = operationIds(routes)
  const document = {
    openapi: '3.1.1',
    info: {
      title: metadata.name,
      version: metadata.version,
      ...(metadata.author === undefined ? {} : { contact: { name: metadata.author } }),
    },
    servers: [
      { url: `/api/plugins/route${metadata.route}`, description: 'the plugin behind its host' },
    ],
    security: [{ session: [] }],
    paths: Object.fromEntries(pathItems(routes).map(item => [item.path, operations(item, ids)])),
    components: {
      schemas: { Error: ERROR, ...definitions },
      responses: {
        Error: {
          description: 'What went wrong.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'session_id',
          description: 'the login at the host',
        },
      },
    },
  }
  return { document, gaps: [...gapsIn(routes), ...routes.flatMap(unnamedHeaders)] }
}

const NAMING = {
  nameFor: (name: string): string => name.replace(/[^\w.-]/g, '_'),
  isTaken: (name: string): boolean => name === 'Error',
  refer: (name: string): string => `#/components/schemas/${name}`,
}

/** What a plugin made with this package answers when a request fails. */
const ERROR: JsonSchema = {
  type: 'object',
  properties: {
    error: { type: 'string', description: 'the kind of the error' },
    message: { type: 'string' },
    details: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          expected: { type: 'string' },
          got: { type: 'string' },
        },
        required: ['path', 'expected', 'got'],
      },
    },
  },
  required: ['error', 'message'],
}

/** A header is a parameter of its own, so a codec of headers has to name each. */
const unnamedHeaders = (route: RouteDescription): ReadonlyArray<string> => {
  const { headers } = route.codecs
  return headers === undefined || headers.schema === null || O.isSome(propertiesOf(headers.schema))
    ? []
    : [`${placeOf(route, 'headers')}: the codec "${headers.name}" does not name its headers`]
}

/** An operation has the name of its handler, with a number if the handler has several routes. */
const operationIds = (
  routes: ReadonlyArray<RouteDescription>,
): ReadonlyMap<RouteDescription, string> =>
  new Map(
    routes.map((route, index) => {
      const earlier = routes
        .slice(0, index)
        .filter(({ handler }) => handler === route.handler).length
      return [route, earlier === 0 ? route.handler : `${route.handler}_${earlier + 1}`]
    }),
  )

const operations = (
  { names, routes }: PathItem,
  ids: ReadonlyMap<RouteDescription, string>,
): JsonSchema =>
  Object.fromEntries(
    routes.map(route => {
      const body = schemaOf(route, 'body')
      const answer = schemaOf(route, 'response')
      const parameters = [
        ...pathParameters(route, names),
        ...queryParameters(route),
        ...headerParameters(route),
      ]
      return [
        route.method.toLowerCase(),
        {
          operationId: ids.get(route),
          ...(parameters.length > 0 ? { parameters } : {}),
          ...(body === undefined
            ? {}
            : {
                requestBody: {
                  required: route.codecs.body?.optional !== true,
                  content: { 'application/json': { schema: body } },
                },
              }),
          responses: {
            '2XX': {
              description: 'What the handler answers.',
              ...(answer === undefined
                ? {}
                : { content: { 'application/json': { schema: answer } } }),
            },
            default: { $ref: '#/components/responses/Error' },
          },
        },
      ]
    }),
  )

const schemaOf = ({ codecs }: RouteDescription, part: Part): JsonSchema | undefined => {
  const codec: CodecDescription | undefined = codecs[part]
  return codec?.schema ?? undefined
}

const namedProperties = (route: RouteDescription, part: Part) =>
  O.getOrElseW(() => [])(propertiesOf(schemaOf(route, part) ?? {}))

const pathParameters = (
  route: RouteDescription,
  names: ReadonlyArray<string>,
): ReadonlyArray<JsonSchema> => {
  const properties = namedProperties(route, 'params')
  return route.params.map((own, index) => ({
    name: names[index] ?? own,
    in: 'path',
    required: true,
    schema: properties.find(({ name }) => name === own)?.schema ?? { type: 'string' },
    ...(own === '*' ? { description: 'the rest of the path, slashes included' } : {}),
  }))
}

/** A query without a fixed list of names is one parameter, whose properties are the names. */
const queryParameters = (route: RouteDescription): ReadonlyArray<JsonSchema> => {
  const schema = schemaOf(route, 'query')
  if (schema === undefined) return []
  const properties = propertiesOf(schema)
  return O.isSome(properties)
    ? properties.value.map(({ name, required, schema }) => ({
        name,
        in: 'query',
        required,
        schema,
      }))
    : [
        {
          name: 'query',
          in: 'query',
          required: route.codecs.query?.optional !== true,
          style: 'form',
          explode: true,
          schema,
        },
      ]
}

const headerParameters = (route: RouteDescription): ReadonlyArray<JsonSchema> =>
  namedProperties(route, 'headers').map(({ name, required, schema }) => ({
    name,
    in: 'header',
    required,
    schema,
  }))
