import type * as t from 'io-ts'
import type { JsonSchema } from '../domain/refined.js'

/**
 * A codec as structure: what it is made of, as one tagged union. Whatever needs to know a codec is
 * a fold over its shape. Every shape keeps the codec that it was read from.
 *
 * A shape decodes as io-ts decodes its codec, but for `Altered` and `Opaque`, of which only the
 * codec's own `validate` knows: the former still looks like `of`, the latter like nothing.
 */
export type Shape = { readonly codec: t.Mixed } & (
  | { readonly _tag: 'Primitive'; readonly type: PrimitiveType }
  /** One of these values. */
  | { readonly _tag: 'Literal'; readonly values: ReadonlyArray<string | number | boolean> }
  | { readonly _tag: 'Array'; readonly item: Shape }
  /** An array that has more items is cut. */
  | { readonly _tag: 'Tuple'; readonly items: ReadonlyArray<Shape> }
  /** Of a partial object every property may be missing. */
  | { readonly _tag: 'Object'; readonly props: ReadonlyArray<Prop>; readonly isPartial: boolean }
  /** A property whose name does not fit `key` is dropped. With values of `any`, arrays fit too. */
  | { readonly _tag: 'Dictionary'; readonly key: Shape; readonly value: Shape }
  /** With a `tag`, the value of that property decides which part decodes. */
  | { readonly _tag: 'Union'; readonly parts: ReadonlyArray<Shape>; readonly tag?: string }
  | { readonly _tag: 'Intersection'; readonly parts: ReadonlyArray<Shape> }
  | Wrapper
  | { readonly _tag: 'Opaque' }
)

/** A codec around one that gets the same value. */
type Wrapper =
  /** `of` is read when it is asked for, and leads back to this same shape. */
  | { readonly _tag: 'Recursive'; readonly of: Shape }
  | { readonly _tag: 'Secret' | 'Readonly' | 'Exact' | 'Altered'; readonly of: Shape }
  | { readonly _tag: 'Described'; readonly of: Shape; readonly schema: JsonSchema }
  /**
   * What `of` decodes must hold for `predicate`. `keywords` say what JSON Schema can say of that.
   */
  | {
      readonly _tag: 'Refined'
      readonly of: Shape
      readonly predicate: Predicate
      readonly keywords: JsonSchema
    }

type Predicate = (value: unknown) => boolean

/** A property of an object by its name. */
export interface Prop {
  readonly name: string
  readonly shape: Shape
}

/** What io-ts calls primitives, by its tags. */
const PRIMITIVES = {
  StringType: 'string',
  NumberType: 'number',
  BooleanType: 'boolean',
  NullType: 'null',
  UndefinedType: 'undefined',
  VoidType: 'undefined',
  UnknownType: 'unknown',
  AnyType: 'unknown',
  NeverType: 'never',
  AnyDictionaryType: 'object',
  AnyArrayType: 'array',
} as const

/** A type of values. `object` and `array` say nothing of what is in them. */
export type PrimitiveType = (typeof PRIMITIVES)[keyof typeof PRIMITIVES]

/** The shape of a codec: always the same one for the same codec. */
export const shapeOf = (codec: t.Mixed): Shape => {
  const known = SHAPES.get(codec)
  if (known !== undefined) return known
  const structure = isTagged(codec) ? structureOf(codec) : opaque(codec)
  const shape: Shape = isAltered(codec) ? { _tag: 'Altered', codec, of: structure } : structure
  SHAPES.set(codec, shape)
  return shape
}

const SHAPES = new WeakMap<t.Mixed, Shape>()

/**
 * A codec that has a structure: one of io-ts, of whichever copy, or of this package. Its tag says
 * which fields it has.
 */
type Tagged = t.Mixed &
  (
    | { readonly _tag: keyof typeof PRIMITIVES }
    | { readonly _tag: 'LiteralType'; readonly value: string | number | boolean }
    | { readonly _tag: 'KeyofType'; readonly keys: Readonly<Record<string, unknown>> }
    | { readonly _tag: 'ArrayType' | 'ReadonlyArrayType'; readonly type: t.Mixed }
    | { readonly _tag: 'TupleType' | 'IntersectionType'; readonly types: ReadonlyArray<t.Mixed> }
    | { readonly _tag: 'UnionType'; readonly types: ReadonlyArray<t.Mixed>; readonly tag?: string }
    | { readonly _tag: 'InterfaceType' | 'StrictType' | 'PartialType'; readonly props: t.Props }
    | { readonly _tag: 'DictionaryType'; readonly domain: t.Mixed; readonly codomain: t.Mixed }
    | { readonly _tag: 'RecursiveType' | 'ReadonlyType' | 'ExactType'; readonly type: t.Mixed }
    | { readonly _tag: 'RefinementType'; readonly type: t.Mixed; readonly predicate: Predicate }
    | { readonly _tag: 'SecretType'; readonly type: t.Mixed }
    | { readonly _tag: 'DescribedType'; readonly type: t.Mixed; readonly schema: JsonSchema }
    | {
        readonly _tag: 'RefinedType'
        readonly type: t.Mixed
        readonly predicate: Predicate
        readonly keywords: JsonSchema
      }
  )

const isTagged = (codec: t.Mixed): codec is Tagged => '_tag' in codec

/**
 * A codec binds its `decode` when it is made. A copy that decodes in another way has one that is
 * not bound: `withFallback`, `fromNullable` and `withMessage` of io-ts-types make such copies.
 */
const isAltered = ({ decode }: t.Mixed): boolean => !decode.name.startsWith('bound ')

const structureOf = (codec: Tagged): Shape => {
  switch (codec._tag) {
    case 'LiteralType':
      return { _tag: 'Literal', codec, values: [codec.value] }
    case 'KeyofType':
      return { _tag: 'Literal', codec, values: Object.keys(codec.keys) }
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return { _tag: 'Array', codec, item: shapeOf(codec.type) }
    case 'TupleType':
      return { _tag: 'Tuple', codec, items: codec.types.map(shapeOf) }
    case 'InterfaceType':
    case 'StrictType':
    case 'PartialType':
      return objectOf(codec, codec.props, codec._tag === 'PartialType')
    case 'DictionaryType':
      return dictionaryOf(codec, shapeOf(codec.domain), codec.codomain)
    case 'UnionType': {
      const { tag } = codec
      const parts = codec.types.map(shapeOf)
      return { _tag: 'Union', codec, parts, ...(tag === undefined ? {} : { tag }) }
    }
    case 'IntersectionType':
      return { _tag: 'Intersection', codec, parts: codec.types.map(shapeOf) }
    case 'RecursiveType':
      return {
        _tag: 'Recursive',
        codec,
        get of() {
          return shapeOf(codec.type)
        },
      }
    case 'SecretType':
      return { _tag: 'Secret', codec, of: shapeOf(codec.type) }
    case 'ReadonlyType':
      return { _tag: 'Readonly', codec, of: shapeOf(codec.type) }
    case 'ExactType':
      return { _tag: 'Exact', codec, of: shapeOf(codec.type) }
    case 'DescribedType':
      return { _tag: 'Described', codec, of: shapeOf(codec.type), schema: codec.schema }
    case 'RefinementType':
    case 'RefinedType': {
      const { predicate } = codec
      const keywords = codec._tag === 'RefinedType' ? codec.keywords : {}
      return { _tag: 'Refined', codec, of: shapeOf(codec.type), predicate, keywords }
    }
    default:
      return Object.hasOwn(PRIMITIVES, codec._tag)
        ? { _tag: 'Primitive', codec, type: PRIMITIVES[codec._tag] }
        : opaque(codec)
  }
}

const opaque = (codec: t.Mixed): Shape => ({ _tag: 'Opaque', codec })

const objectOf = (codec: t.Mixed, props: t.Props, isPartial: boolean): Shape => ({
  _tag: 'Object',
  codec,
  props: Object.entries(props).map(([name, prop]) => ({ name, shape: shapeOf(prop) })),
  isPartial,
})

/** A dictionary whose keys are all known is decoded as an exact object. */
const dictionaryOf = (codec: t.Mixed, key: Shape, value: t.Mixed): Shape => {
  const names = namesIn(key)
  if (names === undefined) return { _tag: 'Dictionary', codec, key, value: shapeOf(value) }
  const props = Object.fromEntries(names.map(name => [name, value]))
  return { _tag: 'Exact', codec, of: objectOf(codec, props, false) }
}

const namesIn = (key: Shape): ReadonlyArray<string> | undefined => {
  if (key._tag !== 'Union')
    return key._tag === 'Literal' && key.values.every(value => typeof value === 'string')
      ? key.values
      : undefined
  const names = key.parts.map(namesIn)
  return names.includes(undefined) ? undefined : names.flatMap(each => each ?? [])
}
