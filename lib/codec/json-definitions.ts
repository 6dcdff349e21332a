import type { JsonSchema } from '../domain/refined.js'

/** How a document names its definitions, and refers to them. */
export interface Naming {
  readonly nameFor: (name: string) => string
  readonly isTaken: (name: string) => boolean
  readonly refer: (name: string) => string
}

/** The definitions of one document, which several schemas share. */
export interface Definitions {
  readonly all: ReadonlyMap<string, JsonSchema>
  /**
   * Adds a definition, and gives the reference to it, which the definition itself may have. A name
   * that is taken gets a number.
   */
  readonly define: (name: string, make: (reference: string) => JsonSchema) => string
  /**
   * Takes in the `$defs` of a schema that stands for itself, and gives the schema without them.
   * What means the same has one name, whichever schema brings it.
   */
  readonly share: (schema: JsonSchema) => JsonSchema
}

/** No definitions yet. */
export const noDefinitions = ({ nameFor, isTaken, refer }: Naming): Definitions => {
  const all = new Map<string, JsonSchema>()
  const references = new Map<string, string>()
  const define: Definitions['define'] = (name, make) => {
    const wanted = nameFor(name)
    let free = wanted
    for (let number = 2; all.has(free) || isTaken(free); number++) free = `${wanted}_${number}`
    const reference = refer(free)
    all.set(free, {})
    all.set(free, make(reference))
    return reference
  }
  const share: Definitions['share'] = schema => {
    const own = definitionsIn(schema)
    const referenceTo = (name: string): string => {
      const meaning = meaningOf(name, own)
      const make = (reference: string): JsonSchema => {
        references.set(meaning, reference)
        return mapReferences(definitionOf(name, own), referenceTo)
      }
      return references.get(meaning) ?? define(name, make)
    }
    const { $defs: _own, ...rest } = mapReferences(schema, referenceTo)
    return rest
  }
  return { all, define, share }
}

type Named = Readonly<Record<string, unknown>>

const definitionsIn = ({ $defs }: JsonSchema): Named => (isObject($defs) ? $defs : {})

const definitionOf = (name: string, definitions: Named): JsonSchema => {
  const found = definitions[name]
  if (isObject(found)) return found
  return found === true ? {} : { $comment: `the schema has no definition "${name}"` }
}

/** A definition and all that it refers to, as text. */
const meaningOf = (name: string, definitions: Named): string => {
  const found = new Map<string, JsonSchema>()
  const visit = (each: string): string => {
    if (found.has(each)) return each
    const definition = definitionOf(each, definitions)
    found.set(each, definition)
    mapReferences(definition, visit)
    return each
  }
  visit(name)
  return JSON.stringify([...found])
}

/** Keywords whose values are schemas by name, and those whose values are no schemas at all. */
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])
const DATA = new Set(['const', 'enum', 'default', 'examples'])
const PREFIX = '#/$defs/'

/**
 * The same schema with other references. What stands behind the name leads further into the
 * definition, and stays.
 */
const mapReferences = (schema: JsonSchema, refer: (name: string) => string): JsonSchema => {
  const mapped = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mapped)
    return isObject(value) ? mapReferences(value, refer) : value
  }
  return mapValues(schema, (value, keyword) => {
    if (keyword === '$ref' && typeof value === 'string' && value.startsWith(PREFIX)) {
      const [name = '', ...way] = value.slice(PREFIX.length).split('/')
      return [refer(name), ...way].join('/')
    }
    if (NAMED.has(keyword) && isObject(value)) return mapValues(value, mapped)
    return DATA.has(keyword) ? value : mapped(value)
  })
}

const mapValues = (
  record: Readonly<Record<string, unknown>>,
  f: (value: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
