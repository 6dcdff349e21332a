import * as t from 'io-ts'
import { PluginMetadata } from './metadata.js'

const CodecDescription = t.intersection(
  [
    t.type({ name: t.string, schema: t.union([t.UnknownRecord, t.null]) }),
    t.partial({ reason: t.string, optional: t.boolean }),
  ],
  'CodecDescription',
)
/**
 * A codec of a plugin, for people by its name and for tools by its JSON Schema; `null` where
 * nothing of its structure can be seen. The reason says what could not be. `optional` says that a
 * request without this part is taken: a query, headers or a body.
 */
export type CodecDescription = Readonly<t.TypeOf<typeof CodecDescription>>

const RouteDescription = t.type(
  {
    method: t.string,
    path: t.string,
    handler: t.string,
    params: t.readonlyArray(t.string),
    codecs: t.partial({
      params: CodecDescription,
      query: CodecDescription,
      headers: CodecDescription,
      body: CodecDescription,
      response: CodecDescription,
    }),
  },
  'RouteDescription',
)
/** A route of a plugin. `params` has the names in the path; `*` is the rest of it. */
export type RouteDescription = Readonly<t.TypeOf<typeof RouteDescription>>

const KvDescription = t.type(
  { key: t.string, handler: t.string, codec: t.union([CodecDescription, t.null]) },
  'KvDescription',
)
/** A key, or a prefix that ends in `*`, that a plugin answers itself. */
export type KvDescription = Readonly<t.TypeOf<typeof KvDescription>>

/**
 * The contract of `--describe`: everything that a plugin declares, without starting it. Plugins in
 * any language may print it; what is not known here is ignored.
 */
export const PluginDescription = t.type(
  {
    describe: t.literal(1),
    metadata: PluginMetadata,
    routes: t.readonlyArray(RouteDescription),
    kv: t.readonlyArray(KvDescription),
    onInit: t.readonlyArray(t.string),
    onShutdown: t.readonlyArray(t.string),
    every: t.readonlyArray(t.type({ handler: t.string, interval: t.string, ms: t.number })),
    options: t.UnknownRecord,
    config: t.union([CodecDescription, t.null]),
  },
  'PluginDescription',
)
export type PluginDescription = Readonly<t.TypeOf<typeof PluginDescription>>

/** The hooks and the background work of a plugin: when each runs, in words, and its name. */
export const schedule = ({
  onInit,
  every,
  onShutdown,
}: PluginDescription): ReadonlyArray<readonly [when: string, handler: string]> => [
  ...onInit.map(handler => ['at init', handler] as const),
  ...every.map(({ handler, interval }) => [`every ${interval}`, handler] as const),
  ...onShutdown.map(handler => ['at shutdown', handler] as const),
]
