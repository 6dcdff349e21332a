import * as t from 'io-ts'
import {
  type Field,
  fields,
  generic,
  intersection,
  plain,
  quoted,
  type Type,
  union,
  unknown,
} from './type-script.js'

/**
 * What fits a JSON Schema, as a type: rules that types cannot have (lengths, patterns, ranges) are
 * left out, so that a type may take more than its schema, and never less. A reference to a
 * definition is its name. What has no type is `unknown`, with the reason in a comment.
 */
export const schemaType = (schema: unknown): Type => {
  if (schema === true) return unknown()
  if (schema === false) return NEVER
  if (!t.UnknownRecord.is(schema))
    return unknown(`expected a JSON Schema, got ${JSON.stringify(schema)}`)
  const said = KEYWORDS.flatMap(keyword => keyword(schema))
  if (said.length === 0)
    return unknown(typeof schema.$comment === 'string' ? schema.$comment : undefined)
  const type = intersection(said)
  return schema.nullable === true ? union([type, NULL]) : type
}

type Schema = Readonly<Record<string, unknown>>
/** What one keyword says, if it is there. */
type Said = ReadonlyArray<Type>

const NULL = plain('null')
const NEVER = plain('never')
const DEFINITION = '#/$defs/'

const reference = ({ $ref, $dynamicRef }: Schema): Said => {
  if ($ref === undefined && $dynamicRef === undefined) return []
  return typeof $ref === 'string' &&
    $ref.startsWith(DEFINITION) &&
    !$ref.includes('/', DEFINITION.length)
    ? [{ _tag: 'Reference', name: $ref.slice(DEFINITION.length) }]
    : [unknown(`a reference to ${JSON.stringify($ref ?? $dynamicRef)} has no type here`)]
}

const constant = (schema: Schema): Said => ('const' in schema ? [literal(schema.const)] : [])

const enumeration = ({ enum: values }: Schema): Said =>
  Array.isArray(values) ? [union(values.map(literal))] : []

const alternatives = ({ anyOf, oneOf }: Schema): Said => {
  const schemas = listed(anyOf) ?? listed(oneOf)
  return schemas === undefined ? [] : [union(schemas.map(schemaType))]
}

const combination = ({ allOf }: Schema): Said => {
  const schemas = listed(allOf)
  return schemas === undefined ? [] : [intersection(schemas.map(schemaType))]
}

/** Of what a schema excludes only everything has a type. */
const exclusion = ({ not }: Schema): Said =>
  not === true || (t.UnknownRecord.is(not) && Object.keys(not).length === 0) ? [NEVER] : []

const KINDS: Readonly<Record<string, (schema: Schema) => Type>> = {
  string: () => plain('string'),
  number: () => plain('number'),
  integer: () => plain('number'),
  boolean: () => plain('boolean'),
  null: () => NULL,
  array: schema => arrayType(schema),
  object: schema => objectType(schema),
}

/** By `type`, or by what only one of them can have. A constant or a list of values says it all. */
const byKind = (schema: Schema): Said => {
  if ('const' in schema || 'enum' in schema) return []
  const { type } = schema
  if (type !== undefined)
    return [union((Array.isArray(type) ? type : [type]).map(name => kindType(name, schema)))]
  if ('properties' in schema || 'additionalProperties' in schema) return [objectType(schema)]
  return 'items' in schema || 'prefixItems' in schema ? [arrayType(schema)] : []
}

const kindType = (name: unknown, schema: Schema): Type => {
  const kind = typeof name === 'string' && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  return kind?.(schema) ?? unknown(`there is no type ${JSON.stringify(name)}`)
}

const arrayType = ({ items, prefixItems, minItems }: Schema): Type => {
  const first = listed(prefixItems) ?? []
  const others = items === undefined ? unknown() : schemaType(items)
  return first.length === 0
    ? generic('Array', others)
    : {
        _tag: 'Tuple',
        items: first.map(schemaType),
        required: typeof minItems === 'number' ? minItems : 0,
        rest: items === false ? undefined : others,
      }
}

const objectType = ({ properties, required, additionalProperties }: Schema): Type => {
  const needed = listed(required) ?? []
  const own = Object.entries(t.UnknownRecord.is(properties) ? properties : {}).map(
    ([name, property]): Field => ({
      name,
      optional: !needed.includes(name),
      type: schemaType(property),
    }),
  )
  const isClosed = additionalProperties === false
  if (own.length === 0)
    return record(additionalProperties === undefined ? unknown() : schemaType(additionalProperties))
  // In a type what is said of the other properties holds for those with a name as well, so it is
  // not said.
  return isClosed || additionalProperties === undefined
    ? fields(own)
    : intersection([fields(own), record(unknown())])
}

const record = (value: Type): Type => generic('Record', plain('string'), value)

/** What each kind of keyword says; a type is all of it. */
const KEYWORDS = [
  reference,
  constant,
  enumeration,
  alternatives,
  combination,
  exclusion,
  byKind,
] as const

const literal = (value: unknown): Type => {
  if (typeof value === 'string') return plain(quoted(value))
  if (Array.isArray(value))
    return { _tag: 'Tuple', items: value.map(literal), required: value.length, rest: undefined }
  return t.UnknownRecord.is(value)
    ? fields(
        Object.entries(value).map(([name, each]) => ({
          name,
          optional: false,
          type: literal(each),
        })),
      )
    : plain(JSON.stringify(value))
}

const listed = (value: unknown): ReadonlyArray<unknown> | undefined =>
  Array.isArray(value) ? value : undefined
