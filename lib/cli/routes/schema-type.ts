import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
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
} from './type-script.js'

/**
 * What fits a JSON Schema, as a type: rules that types cannot have (lengths, patterns, ranges) are
 * left out, so that a type may take more than its schema, and never less. The left side is what has
 * no type and why, with its place in the schema.
 */
export const schemaType = (schema: unknown, place = 'the schema'): E.Either<string, Type> => {
  if (schema === true) return E.right(UNKNOWN)
  if (schema === false) return E.right(plain('never'))
  if (!t.UnknownRecord.is(schema))
    return E.left(`${place}: expected a JSON Schema, got ${JSON.stringify(schema)}`)
  if ('$ref' in schema || '$dynamicRef' in schema)
    return E.left(`${place}: a reference to another schema has no type here`)
  const parts = [constant, enumeration, alternatives, combination, byKind].map(part =>
    part(schema, place),
  )
  return pipe(
    E.sequenceArray(parts.flatMap(part => (part === undefined ? [] : [part]))),
    E.map(intersection),
    E.map(type => (schema.nullable === true ? union([type, NULL]) : type)),
  )
}

type Schema = Readonly<Record<string, unknown>>
type Result = E.Either<string, Type> | undefined

const UNKNOWN = plain('unknown')
const NULL = plain('null')

const constant = (schema: Schema): Result =>
  'const' in schema ? E.right(literal(schema.const)) : undefined

const enumeration = ({ enum: values }: Schema): Result =>
  Array.isArray(values) ? E.right(union(values.map(literal))) : undefined

const alternatives = ({ anyOf, oneOf }: Schema, place: string): Result => {
  const schemas = listed(anyOf) ?? listed(oneOf)
  return (
    schemas &&
    pipe(
      every(schemas, () => place),
      E.map(union),
    )
  )
}

const combination = ({ allOf }: Schema, place: string): Result => {
  const schemas = listed(allOf)
  return (
    schemas &&
    pipe(
      every(schemas, () => place),
      E.map(intersection),
    )
  )
}

const KINDS: Readonly<Record<string, (schema: Schema, place: string) => E.Either<string, Type>>> = {
  string: () => E.right(plain('string')),
  number: () => E.right(plain('number')),
  integer: () => E.right(plain('number')),
  boolean: () => E.right(plain('boolean')),
  null: () => E.right(NULL),
  array: (schema, place) => arrayType(schema, place),
  object: (schema, place) => objectType(schema, place),
}

/** By `type`, or by what only one of them can have. */
const byKind = (schema: Schema, place: string): Result => {
  const { type } = schema
  if (type === undefined) {
    if ('const' in schema || 'enum' in schema) return undefined
    if ('properties' in schema || 'additionalProperties' in schema) return objectType(schema, place)
    return 'items' in schema || 'prefixItems' in schema ? arrayType(schema, place) : undefined
  }
  // What has a constant or a list of values says all with that.
  if ('const' in schema || 'enum' in schema) return undefined
  return pipe(
    E.traverseArray((name: unknown) => {
      const kind = typeof name === 'string' && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
      return kind === undefined
        ? E.left(`${place}: there is no type ${JSON.stringify(name)}`)
        : kind(schema, place)
    })(Array.isArray(type) ? type : [type]),
    E.map(union),
  )
}

const arrayType = (
  { items, prefixItems, minItems }: Schema,
  place: string,
): E.Either<string, Type> => {
  const first = listed(prefixItems) ?? []
  const others = items === undefined ? E.right(UNKNOWN) : schemaType(items, `${place}[]`)
  if (first.length === 0)
    return pipe(
      others,
      E.map(type => generic('Array', type)),
    )
  return pipe(
    every(first, index => `${place}[${index}]`),
    E.bindTo('of'),
    E.bind('others', () => others),
    E.map(({ of, others }) => ({
      _tag: 'Tuple' as const,
      items: of,
      required: typeof minItems === 'number' ? minItems : 0,
      rest: items === false ? undefined : others,
    })),
  )
}

const objectType = (schema: Schema, place: string): E.Either<string, Type> => {
  const { properties = {}, required = [], additionalProperties } = schema
  const names = Object.entries(t.UnknownRecord.is(properties) ? properties : {})
  const needed: ReadonlyArray<unknown> = Array.isArray(required) ? required : []
  return pipe(
    E.traverseArray(([name, property]: readonly [string, unknown]) =>
      pipe(
        schemaType(property, `${place}.${name}`),
        E.map((type): Field => ({ name, optional: !needed.includes(name), type })),
      ),
    )(names),
    E.bindTo('own'),
    E.bind('others', () =>
      t.UnknownRecord.is(additionalProperties)
        ? schemaType(additionalProperties, `${place}.*`)
        : E.right(UNKNOWN),
    ),
    E.map(({ own, others }) => {
      const isClosed = additionalProperties === false
      if (own.length === 0)
        return generic('Record', plain('string'), isClosed ? plain('never') : others)
      // In a type what is said of the other properties holds for those with a name as well, so it
      // is not said.
      return isClosed || additionalProperties === undefined
        ? fields(own)
        : intersection([fields(own), generic('Record', plain('string'), UNKNOWN)])
    }),
  )
}

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

const every = (
  schemas: ReadonlyArray<unknown>,
  place: (index: number) => string,
): E.Either<string, ReadonlyArray<Type>> =>
  E.traverseArrayWithIndex((index: number, schema: unknown) => schemaType(schema, place(index)))(
    schemas,
  )
