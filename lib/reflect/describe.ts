import type * as t from 'io-ts'
import { partialSchema } from '../codec/json-schema.js'
import { takesNothing } from '../codec/props.js'
import type { CodecDescription, PluginDescription } from '../domain/plugin-description.js'
import { REQUEST_PARTS } from '../domain/route-schema.js'
import { type Declaration, handlersOf } from './declaration.js'
import { namesOf } from './route-path.js'

/** What a plugin declares, as `--describe` prints it. */
export const describe = (declaration: Declaration): PluginDescription => {
  const { config, kv: _store, ...plainOptions } = declaration.options
  const names = (tag: 'OnInit' | 'OnShutdown') =>
    handlersOf(declaration, tag).map(({ handlerName }) => handlerName)
  return {
    describe: 1,
    metadata: declaration.metadata,
    routes: handlersOf(declaration, 'Route').map(
      ({ method, path, handlerName, segments, schema }) => ({
        method,
        path,
        handler: handlerName,
        params: namesOf(segments),
        codecs: Object.fromEntries(
          [...REQUEST_PARTS, 'response' as const].flatMap(part => {
            const codec = schema[part]
            if (codec === undefined) return []
            const isOptional = part !== 'params' && part !== 'response' && takesNothing(codec)
            const described = codecDescription(codec)
            return [[part, isOptional ? { ...described, optional: true } : described] as const]
          }),
        ),
      }),
    ),
    kv: handlersOf(declaration, 'Kv').map(({ pattern, handlerName, codec }) => ({
      key: pattern,
      handler: handlerName,
      codec: codec === undefined ? null : codecDescription(codec),
    })),
    onInit: names('OnInit'),
    onShutdown: names('OnShutdown'),
    every: handlersOf(declaration, 'Every').map(({ handlerName, interval, ms }) => ({
      handler: handlerName,
      interval,
      ms,
    })),
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
