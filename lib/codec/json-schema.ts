import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { JsonSchema } from '../domain/refined.js'
import { type Definitions, type Naming, noDefinitions } from './json-definitions.js'
import { mayBeMissing, requiredProps } from './props.js'
import { isConfidential } from './secrets.js'
import { type PrimitiveType, type Shape, shapeOf } from './shape.js'
import { layersOf } from './traversal.js'

export type { JsonSchema } from '../domain/refined.js'

/**
 * The input of a codec as JSON Schema (2020-12), read from the codec's structure. A refinement is
 * described by its base, and a recursive codec becomes a definition in `$defs`. The left side is
 * the place and the name of a codec whose structure cannot be seen, such as one made with
 * `new t.Type`; `described` gives such a codec a schema.
 */
export const jsonSchema = (codec: t.Mixed, place = 'the codec'): Either<string, JsonSchema> => {
  const { schema, gaps } = partialSchema(codec, place)
  return gaps[0] === undefined ? E.right(schema) : E.left(gaps[0])
}

/** A JSON Schema, and its gaps: place and name of each part whose structure cannot be seen. */
export interface PartialSchema {
  readonly schema: JsonSchema
  readonly gaps: ReadonlyArray<string>
}

/** As `jsonSchema`, but a part without a structure takes any value, with a `$comment`. */
export const partialSchema = (codec: t.Mixed, place = 'the codec'): PartialSchema => {
  const notes: Notes = { definitions: noDefinitions(NAMING), references: new Map(), gaps: [] }
  const schema = schemaOf(shapeOf(codec), place, notes)
  const $defs = Object.fromEntries(notes.definitions.all)
  return {
    schema: notes.definitions.all.size === 0 ? schema : { ...schema, $defs },
    gaps: notes.gaps,
  }
}

/** What is collected on the way through a shape, besides its schema. */
interface Notes {
  readonly definitions: Definitions
  /** The reference to the definition of a shape. */
  readonly references: Map<Shape, string>
  readonly gaps: string[]
}

/** OpenAPI allows these characters in names, so they are the ones used here. */
const NAMING: Naming = {
  nameFor: name => name.replace(/[^\w.-]/g, '_') || '_',
  isTaken: () => false,
  refer: name => `#/$defs/${name}`,
}

const PRIMITIVES: Readonly<Record<Exclude<PrimitiveType, 'undefined'>, JsonSchema>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  null: { type: 'null' },
  object: { type: 'object' },
  array: { type: 'array' },
  unknown: {},
  never: { not: {} },
}

const schemaOf = (shape: Shape, place: string, notes: Notes): JsonSchema => {
  switch (shape._tag) {
    case 'Primitive':
      return shape.type === 'undefined' ? gap(shape, place, notes) : PRIMITIVES[shape.type]
    case 'Opaque':
      return gap(shape, place, notes)
    case 'Literal':
      return literal(shape.values)
    case 'Array':
      return { type: 'array', items: schemaOf(shape.item, `${place}[]`, notes) }
    case 'Tuple':
      return {
        type: 'array',
        prefixItems: shape.items.map((item, at) => schemaOf(item, `${place}[${at}]`, notes)),
        items: false,
        minItems: shape.items.findLastIndex(item => !mayBeMissing(item)) + 1,
      }
    case 'Object': {
      const properties = shape.props.map(
        prop => [prop.name, schemaOf(prop.shape, `${place}.${prop.name}`, notes)] as const,
      )
      const required = requiredProps(shape.codec)
      return {
        type: 'object',
        properties: Object.fromEntries(properties),
        ...(required.length > 0 ? { required } : {}),
      }
    }
    case 'Dictionary':
      return { type: 'object', additionalProperties: schemaOf(shape.value, `${place}.*`, notes) }
    case 'Union': {
      // JSON has no `undefined`: a property that may be undefined is one that may be missing.
      const parts = shape.parts.filter(part => !isUndefined(part))
      return parts.length === 0 ? gap(shape, place, notes) : several('anyOf', parts, place, notes)
    }
    case 'Intersection':
      return several('allOf', shape.parts, place, notes)
    case 'Recursive':
      return { $ref: notes.references.get(shape) ?? defined(shape, place, notes) }
    case 'Described':
      return {
        ...notes.definitions.share(shape.schema),
        ...(isConfidential(shape) ? { writeOnly: true } : {}),
      }
    case 'Secret':
      return { ...schemaOf(shape.of, place, notes), writeOnly: true }
    case 'Refined':
      return { ...schemaOf(shape.of, place, notes), ...shape.keywords }
    case 'Readonly':
    case 'Exact':
    case 'Altered':
      return schemaOf(shape.of, place, notes)
  }
}

const literal = (values: ReadonlyArray<unknown>): JsonSchema => {
  if (values.length === 0) return PRIMITIVES.never
  return values.length === 1 ? { const: values[0] } : { enum: values }
}

const gap = ({ codec }: Shape, place: string, { gaps }: Notes): JsonSchema => {
  const $comment = `the codec "${codec.name}" has no structure that can be described`
  gaps.push(`${place}: ${$comment}`)
  return { $comment }
}

const isUndefined = (shape: Shape): boolean =>
  layersOf(shape).every(
    layer =>
      layer._tag === 'Union' ||
      ('of' in layer && layer._tag !== 'Described') ||
      (layer._tag === 'Primitive' && layer.type === 'undefined'),
  )

const several = (
  keyword: 'anyOf' | 'allOf',
  parts: ReadonlyArray<Shape>,
  place: string,
  notes: Notes,
): JsonSchema => {
  const [first = {}, ...others] = parts.map(part => schemaOf(part, place, notes))
  return others.length === 0 ? first : { [keyword]: [first, ...others] }
}

const defined = (
  shape: Extract<Shape, { readonly _tag: 'Recursive' }>,
  place: string,
  notes: Notes,
): string =>
  notes.definitions.define(shape.codec.name, reference => {
    notes.references.set(shape, reference)
    return schemaOf(shape.of, place, notes)
  })
