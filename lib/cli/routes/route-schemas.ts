import { type Naming, noDefinitions } from '../../codec/json-definitions.js'
import type { RouteDescription } from '../../domain/plugin-description.js'
import type { JsonSchema } from '../../protocol.js'
import type { Terminal } from '../terminal.js'

/** The parts of a route that may have a codec, in the order in which they are written. */
export const PARTS = ['params', 'query', 'headers', 'body', 'response'] as const
/** A part of a request, or the answer. */
export type Part = (typeof PARTS)[number]

/** A part of a request. */
export type RequestPart = Exclude<Part, 'response'>

/** Routes whose schemas share one table of definitions, by name. */
export interface SharedSchemas {
  readonly routes: ReadonlyArray<RouteDescription>
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

/**
 * Every schema has definitions of its own. In one document they share a table: equal definitions
 * have one name, and the second of two different ones with the same name gets a number.
 */
export const sharedSchemas = (
  routes: ReadonlyArray<RouteDescription>,
  naming: Naming,
): SharedSchemas => {
  const { all, share } = noDefinitions(naming)
  const sharing = routes.map(route => ({
    ...route,
    codecs: Object.fromEntries(
      PARTS.flatMap(part => {
        const codec = route.codecs[part]
        if (codec === undefined) return []
        const schema = codec.schema && share(codec.schema)
        const isKeyed = part !== 'body' && part !== 'response'
        return [
          [part, { ...codec, schema: schema && isKeyed ? inline(schema, all, naming) : schema }],
        ]
      }),
    ),
  }))
  return { routes: sharing, definitions: Object.fromEntries(all) }
}

/**
 * A schema with its definition in the place of a reference: parameters, queries and headers are
 * written one by one, so their properties have to be seen.
 */
const inline = (
  schema: JsonSchema,
  definitions: ReadonlyMap<string, JsonSchema>,
  naming: Naming,
): JsonSchema => {
  const { $ref, allOf, ...rest } = schema
  const [name, definition] = [...definitions].find(([each]) => naming.refer(each) === $ref) ?? []
  if (name !== undefined && definition !== undefined) {
    const others = new Map([...definitions].filter(([each]) => each !== name))
    return { ...inline(definition, others, naming), ...rest }
  }
  return Array.isArray(allOf)
    ? { ...schema, allOf: allOf.map(part => inline(part, definitions, naming)) }
    : schema
}

/** Every codec that has no schema, or one with gaps: with its route, its part and the reason. */
export const gapsIn = (routes: ReadonlyArray<RouteDescription>): ReadonlyArray<string> =>
  routes.flatMap(route =>
    PARTS.flatMap(part => {
      const codec = route.codecs[part]
      if (codec === undefined || (codec.schema !== null && codec.reason === undefined)) return []
      const reason = codec.reason ?? `the codec "${codec.name}" has no JSON Schema`
      return [`${placeOf(route, part)}: ${reason}`]
    }),
  )

/** A part of a route as a person looks for it: `Notes.list (GET /), query`. */
export const placeOf = ({ handler, method, path }: RouteDescription, part: Part): string =>
  `${handler} (${method} ${path}), ${part}`

/** Warns of the gaps, and says what to do about them. */
export const noteGaps = ({ note }: Terminal, gaps: ReadonlyArray<string>): void => {
  if (gaps.length === 0) return
  note('warning: these parts take any value, because the structure of a codec cannot be seen:')
  for (const gap of gaps) note(`  ${gap}`)
  note('  Use the combinators of io-ts, or give the codec a schema:')
  note("  described(codec, { type: 'string' }) from toru-plugin-api")
}
