import type { JsonSchema } from '../domain/refined.js'

/** Keywords whose values are schemas by name, and those whose values are no schemas at all. */
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])
const DATA = new Set(['const', 'enum', 'default', 'examples'])
const PREFIX = '#/$defs/'

/**
 * The same schema with other references: `refer` gives what takes the place of `#/$defs/<name>`.
 * What stands behind the name leads further into the definition, and stays.
 */
export const mapReferences = (schema: JsonSchema, refer: (name: string) => string): JsonSchema => {
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

/** The names of the definitions that a schema refers to, in its own definitions as well. */
export const referencesIn = (schema: JsonSchema): ReadonlyArray<string> => {
  const names = new Set<string>()
  mapReferences(schema, name => {
    names.add(name)
    return name
  })
  return [...names]
}

/** The definitions that a schema brings, by name. One that is no object says nothing. */
export const definitionsIn = ({ $defs = {} }: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  isObject($defs) ? mapValues($defs, schema => (isObject(schema) ? schema : {})) : {}

/** A name that is not taken: the name itself, or with a number behind it. */
export const freeName = (name: string, isTaken: (name: string) => boolean): string => {
  let free = name
  for (let number = 2; isTaken(free); number++) free = `${name}_${number}`
  return free
}

const mapValues = <A>(
  record: Readonly<Record<string, unknown>>,
  f: (value: unknown, key: string) => A,
): Readonly<Record<string, A>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
