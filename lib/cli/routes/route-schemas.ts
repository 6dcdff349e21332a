import {
  definitionsIn,
  freeName,
  mapReferences,
  referencesIn,
} from '../../codec/json-references.js'
import type { RouteDescription } from '../../domain/plugin-description.js'
import type { JsonSchema } from '../../protocol.js'
import type { Terminal } from '../terminal.js'

/** What of a route a codec describes, in the order in which it is written. */
export const PARTS = ['params', 'query', 'headers', 'body', 'response'] as const
/** A part of a request, or the answer. */
export type Part = (typeof PARTS)[number]

/** Routes whose schemas share one table of definitions, by name. */
export interface SharedSchemas {
  readonly routes: ReadonlyArray<RouteDescription>
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

/** How a document names its definitions, and refers to them. */
export interface Naming {
  readonly nameFor: (name: string) => string
  readonly isTaken: (name: string) => boolean
  readonly refer: (name: string) => string
}

/**
 * Every schema brings definitions of its own. As parts of one document they share a table: what
 * means the same has one name there, and of two meanings of a name the second has a number.
 */
export const sharedSchemas = (
  routes: ReadonlyArray<RouteDescription>,
  naming: Naming,
): SharedSchemas => {
  const definitions = new Map<string, JsonSchema>()
  const names = new Map<string, string>()
  const shared = (schema: JsonSchema): JsonSchema => {
    const own = allDefinitions(schema)
    const nameOf = (name: string): string => {
      const meaning = meaningOf(name, own)
      const known = names.get(meaning)
      if (known !== undefined) return known
      const free = freeName(
        naming.nameFor(name),
        taken => naming.isTaken(taken) || definitions.has(taken),
      )
      names.set(meaning, free)
      definitions.set(free, {})
      definitions.set(
        free,
        mapReferences(own[name] ?? {}, inner => naming.refer(nameOf(inner))),
      )
      return free
    }
    const { $defs: _own, ...rest } = mapReferences(schema, name => naming.refer(nameOf(name)))
    return rest
  }
  const inlined = (schema: JsonSchema): JsonSchema => inline(schema, definitions, naming.refer)
  const sharing = routes.map(route => ({
    ...route,
    codecs: Object.fromEntries(
      PARTS.flatMap(part => {
        const codec = route.codecs[part]
        if (codec === undefined) return []
        const schema = codec.schema && shared(codec.schema)
        const isKeyed = part !== 'body' && part !== 'response'
        return [[part, { ...codec, schema: schema && isKeyed ? inlined(schema) : schema }] as const]
      }),
    ),
  }))
  return { routes: sharing, definitions: Object.fromEntries(definitions) }
}

/**
 * A schema without references to itself as a whole: parameters, queries and headers are written one
 * by one, so what is referred to has to be seen.
 */
const inline = (
  schema: JsonSchema,
  definitions: ReadonlyMap<string, JsonSchema>,
  refer: Naming['refer'],
): JsonSchema => {
  const { $ref, allOf, ...rest } = schema
  const [name, definition] = [...definitions].find(([each]) => refer(each) === $ref) ?? []
  if (name !== undefined && definition !== undefined) {
    const others = new Map([...definitions].filter(([each]) => each !== name))
    return { ...inline(definition, others, refer), ...rest }
  }
  return Array.isArray(allOf)
    ? { ...schema, allOf: allOf.map(part => inline(part, definitions, refer)) }
    : schema
}

/** With one for each name that a schema refers to in vain. */
const allDefinitions = (schema: JsonSchema): Readonly<Record<string, JsonSchema>> => {
  const missing = referencesIn(schema).map(name => [
    name,
    { $comment: `the schema has no definition ${JSON.stringify(name)}` },
  ])
  return { ...Object.fromEntries(missing), ...definitionsIn(schema) }
}

/** A definition and all that it refers to, as text. */
const meaningOf = (name: string, definitions: Readonly<Record<string, JsonSchema>>): string => {
  const found = new Set([name])
  for (const each of found)
    for (const other of referencesIn(definitions[each] ?? {})) found.add(other)
  return JSON.stringify([...found].map(each => [each, definitions[each]]))
}

/** What of the routes has no schema, or none in parts: each with its route, its part and why. */
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

/** Warns of what is written as "anything", and says what would mend it. */
export const noteGaps = ({ note }: Terminal, gaps: ReadonlyArray<string>): void => {
  if (gaps.length === 0) return
  note('warning: anything fits here, because the codec does not say more:')
  for (const gap of gaps) note(`  ${gap}`)
  note(
    "  Build the codec of io-ts combinators, or give it a schema: described(codec, { type: 'string' })",
  )
}
