import { isRecord } from './description.js'

/**
 * A value that fits a JSON Schema, as the initial value of a form. Optional properties are
 * included. A schema without a known type gives `null`.
 */
export const example = (schema: unknown, depth = 0): unknown => {
  if (!isRecord(schema) || depth > MAX_DEPTH) return null
  if ('const' in schema) return schema.const
  if ('default' in schema) return schema.default
  const given = first(schema.examples) ?? first(schema.enum)
  if (given !== undefined) return given
  const { anyOf, oneOf, allOf, type } = schema
  if (Array.isArray(allOf)) return together(allOf.map(part => example(part, depth + 1)))
  const choice = first(anyOf) ?? first(oneOf)
  if (choice !== undefined) return example(choice, depth + 1)
  switch (Array.isArray(type) ? type[0] : (type ?? guessed(schema))) {
    case 'object':
      return objectOf(schema, depth)
    case 'array':
      return arrayOf(schema, depth)
    case 'string':
      return stringOf(schema)
    case 'number':
    case 'integer':
      return numberOf(schema)
    case 'boolean':
      return true
    default:
      return null
  }
}

/** Deeper schemas are cut off, which also ends recursive ones. */
const MAX_DEPTH = 8

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined)

const guessed = (schema: Record<string, unknown>): string | null =>
  'properties' in schema ? 'object' : 'items' in schema || 'prefixItems' in schema ? 'array' : null

/**
 * Merges the examples of an intersection if all are objects, otherwise takes the first that is not
 * `null`.
 */
const together = (parts: ReadonlyArray<unknown>): unknown =>
  parts.every(isRecord) ? Object.assign({}, ...parts) : (parts.find(part => part !== null) ?? null)

const objectOf = ({ properties }: Record<string, unknown>, depth: number): unknown =>
  isRecord(properties)
    ? Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [name, example(schema, depth + 1)]),
      )
    : {}

const arrayOf = ({ prefixItems, items }: Record<string, unknown>, depth: number): unknown => {
  if (Array.isArray(prefixItems)) return prefixItems.map(item => example(item, depth + 1))
  return isRecord(items) ? [example(items, depth + 1)] : []
}

const FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['date-time', '2026-01-31T12:00:00Z'],
  ['date', '2026-01-31'],
  ['time', '12:00:00Z'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
  ['email', 'name@example.org'],
  ['uri', 'https://example.org/'],
  ['ipv4', '192.0.2.1'],
])

const stringOf = ({ format, minLength }: Record<string, unknown>): string => {
  const text = FORMATS.get(format) ?? 'text'
  return typeof minLength === 'number' ? text.padEnd(Math.min(minLength, 1000), 'x') : text
}

const numberOf = ({ minimum, exclusiveMinimum, maximum }: Record<string, unknown>): number => {
  if (typeof minimum === 'number') return minimum
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1
  return typeof maximum === 'number' && maximum < 1 ? maximum : 1
}
