import { isRecord } from './description.js'

/**
 * A value that fits a JSON Schema, as the initial value of a form. Optional properties are
 * included, and a recursive schema is followed once. A schema without a known type gives `null`.
 */
export const example = (schema: unknown): unknown => {
  const definitions = isRecord(schema) && isRecord(schema.$defs) ? schema.$defs : {}
  return exampleIn(schema, { definitions, open: [], depth: 0 }) ?? null
}

/** Where a part of a schema is. */
interface Position {
  readonly definitions: Readonly<Record<string, unknown>>
  /** The definitions that it is in. */
  readonly open: ReadonlyArray<string>
  readonly depth: number
}

/** `undefined` for a definition within itself. */
const exampleIn = (schema: unknown, position: Position): unknown => {
  if (!isRecord(schema) || position.depth > MAX_DEPTH) return null
  const [, name] = /^#\/\$defs\/(.*)$/.exec(String(schema.$ref)) ?? []
  if (name !== undefined) {
    const { definitions, open } = position
    return open.includes(name)
      ? undefined
      : exampleIn(definitions[name], { ...position, open: [...open, name] })
  }
  if ('const' in schema) return schema.const
  if ('default' in schema) return schema.default
  const given = first(schema.examples) ?? first(schema.enum)
  if (given !== undefined) return given
  const inner = (part: unknown): unknown =>
    exampleIn(part, { ...position, depth: position.depth + 1 })
  const { anyOf, oneOf, allOf, type } = schema
  if (Array.isArray(allOf)) return together(allOf.map(inner))
  const choices = anyOf ?? oneOf
  if (Array.isArray(choices)) return choices.map(inner).find(choice => choice !== undefined)
  switch (Array.isArray(type) ? type[0] : (type ?? guessed(schema))) {
    case 'object':
      return objectOf(schema, inner)
    case 'array':
      return arrayOf(schema, inner)
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

/** Deeper parts are left out. */
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

const objectOf = (
  { properties }: Record<string, unknown>,
  inner: (part: unknown) => unknown,
): unknown =>
  isRecord(properties)
    ? Object.fromEntries(
        Object.entries(properties)
          .map(([name, schema]) => [name, inner(schema)] as const)
          .filter(([, value]) => value !== undefined),
      )
    : {}

const arrayOf = (
  { prefixItems, items }: Record<string, unknown>,
  inner: (part: unknown) => unknown,
): unknown =>
  (Array.isArray(prefixItems) ? prefixItems : isRecord(items) ? [items] : [])
    .map(inner)
    .filter(item => item !== undefined)

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
