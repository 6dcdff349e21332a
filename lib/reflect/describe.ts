import type * as t from 'io-ts'
import { partialSchema } from '../codec/json-schema.js'
import type { CodecDescription, PluginDescription } from '../domain/plugin-description.js'
import { REQUEST_PARTS } from '../domain/route-schema.js'
import type { Declaration } from './declaration.js'
import { namesOf } from './route-path.js'

/** What a plugin declares, as `--describe` prints it. */
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
  const { schema, gaps } = partialSchema(codec)
  const isNothing = gaps.length > 0 && '$comment' in schema
  return {
    name: codec.name,
    schema: isNothing ? null : schema,
    ...(gaps.length > 0 ? { reason: gaps.join('; ') } : {}),
  }
}
