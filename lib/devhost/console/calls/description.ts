import type {
  CodecDescription,
  KvDescription,
  PluginDescription,
  RouteDescription,
} from '../../../domain/plugin-description.js'

/** The parts of a request and its response for which a route may have a codec. */
export const PARTS = ['params', 'query', 'headers', 'body', 'response'] as const
/** A part of a request or its answer. */
export type Part = (typeof PARTS)[number]

/** The parts of a plugin's description that the console uses. */
export type Description = Pick<PluginDescription, 'routes' | 'kv'>

/**
 * Parses what a plugin prints for `--describe`. Plugins in any language may print it, so parts that
 * do not fit are left out.
 */
export const descriptionOf = (value: unknown): Description => {
  const { routes, kv } = isRecord(value) ? value : {}
  return { routes: list(routes).flatMap(routeOf), kv: list(kv).flatMap(kvOf) }
}

/** Whether a value is an object and no array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The properties of an object codec with their schemas, including those of an intersection's parts.
 */
export const propertiesOf = (
  codec: CodecDescription | undefined,
): ReadonlyArray<readonly [name: string, schema: unknown]> =>
  codec === undefined ? [] : propertiesIn(codec.schema)

const propertiesIn = (schema: unknown): ReadonlyArray<readonly [string, unknown]> => {
  if (!isRecord(schema)) return []
  const { properties, allOf } = schema
  return [
    ...(isRecord(properties) ? Object.entries(properties) : []),
    ...list(allOf).flatMap(propertiesIn),
  ]
}

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const codecOf = (value: unknown): CodecDescription | null =>
  isRecord(value)
    ? {
        name: text(value.name),
        schema: isRecord(value.schema) ? value.schema : null,
        ...(typeof value.reason === 'string' ? { reason: value.reason } : {}),
      }
    : null

const routeOf = (value: unknown): ReadonlyArray<RouteDescription> => {
  if (!isRecord(value) || typeof value.method !== 'string' || typeof value.path !== 'string')
    return []
  const codecs = isRecord(value.codecs) ? value.codecs : {}
  return [
    {
      method: value.method,
      path: value.path,
      handler: text(value.handler),
      params: list(value.params).filter(name => typeof name === 'string'),
      codecs: Object.fromEntries(
        PARTS.flatMap(part => {
          const codec = codecOf(codecs[part])
          return codec === null ? [] : [[part, codec] as const]
        }),
      ),
    },
  ]
}

const kvOf = (value: unknown): ReadonlyArray<KvDescription> =>
  isRecord(value) && typeof value.key === 'string'
    ? [{ key: value.key, handler: text(value.handler), codec: codecOf(value.codec) }]
    : []
