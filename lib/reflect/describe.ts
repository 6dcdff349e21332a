import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { type JsonSchema, jsonSchema } from '../codec/json-schema.js'
import type { HttpMethod } from '../domain/http.js'
import type { PluginMetadata } from '../domain/metadata.js'
import { REQUEST_PARTS, type RouteSchema } from '../domain/route-schema.js'
import type { Declaration } from './declaration.js'
import { namesOf } from './route-path.js'

/**
 * A codec, for people by its name and for tools by its JSON Schema; `null` and the reason where its
 * structure cannot be seen.
 */
export interface CodecDescription {
  readonly name: string
  readonly schema: JsonSchema | null
  readonly reason?: string
}

/** A route, as `--describe` prints it. `params` has the names in the path. */
export interface RouteDescription {
  readonly method: HttpMethod
  readonly path: string
  readonly handler: string
  readonly params: ReadonlyArray<string>
  readonly codecs: Readonly<Partial<Record<keyof RouteSchema, CodecDescription>>>
}

/**
 * What `--describe` prints: everything that a plugin declares, without starting it. Tools read it.
 */
export interface PluginDescription {
  readonly describe: 1
  readonly metadata: PluginMetadata
  readonly routes: ReadonlyArray<RouteDescription>
  readonly kv: ReadonlyArray<{
    readonly key: string
    readonly handler: string
    readonly codec: CodecDescription | null
  }>
  readonly onInit: ReadonlyArray<string>
  readonly onShutdown: ReadonlyArray<string>
  readonly every: ReadonlyArray<{
    readonly handler: string
    readonly interval: string
    readonly ms: number
  }>
  readonly options: Readonly<Record<string, number | boolean>>
  readonly config: CodecDescription | null
}

/** What a plugin declares, as data. */
export const describe = ({
  metadata,
  routes,
  kv,
  onInit,
  onShutdown,
  every,
  options,
}: Declaration): PluginDescription => {
  const { config, kv: _store, ...plainOptions } = options
  return {
    describe: 1,
    metadata,
    routes: routes.map(({ method, path, handlerName, segments, schema }) => ({
      method,
      path,
      handler: handlerName,
      params: namesOf(segments),
      codecs: Object.fromEntries(
        [...REQUEST_PARTS, 'response' as const].flatMap(part => {
          const codec = schema[part]
          return codec === undefined ? [] : [[part, codecDescription(codec)] as const]
        }),
      ),
    })),
    kv: kv.map(({ pattern, handlerName, codec }) => ({
      key: pattern,
      handler: handlerName,
      codec: codec === undefined ? null : codecDescription(codec),
    })),
    onInit: onInit.map(hook => hook.handlerName),
    onShutdown: onShutdown.map(hook => hook.handlerName),
    every: every.map(({ handlerName, interval, ms }) => ({ handler: handlerName, interval, ms })),
    options: plainOptions,
    config: config === undefined ? null : codecDescription(config),
  }
}

const codecDescription = (codec: t.Mixed): CodecDescription => {
  const schema = jsonSchema(codec)
  return E.isRight(schema)
    ? { name: codec.name, schema: schema.right }
    : { name: codec.name, schema: null, reason: schema.left }
}
