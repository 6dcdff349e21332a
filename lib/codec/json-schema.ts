import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { JsonSchema } from '../domain/refined.js'
import { RefinedType } from '../domain/refined.js'
import { requiredProps } from './codec-props.js'
import { DescribedType } from './described.js'
import { isSecret, revealed } from './secret.js'
import { isConfidential } from './secrets.js'

export type { JsonSchema } from '../domain/refined.js'

/**
 * What a codec takes in, as JSON Schema, read from its structure. Of a refinement its base is
 * described. A codec whose structure cannot be seen, such as one made with `new t.Type`, is refused
 * with its place and its name; `described` gives it a schema of its author's.
 */
export const jsonSchema = (codec: t.Mixed, place = 'the codec'): Either<string, JsonSchema> => {
  if (codec instanceof DescribedType)
    return E.right(isConfidential(codec) ? { ...codec.schema, writeOnly: true } : codec.schema)
  const plain = plainSchema(codec)
  if (plain !== undefined) return E.right(plain)
  if (
    codec instanceof t.InterfaceType ||
    codec instanceof t.PartialType ||
    codec instanceof t.StrictType
  ) {
    const props: t.Props = codec.props
    return objectSchema(props, new Set(requiredProps(codec)), place)
  }
  if (codec instanceof t.ArrayType || codec instanceof t.ReadonlyArrayType) {
    const element: t.Mixed = codec.type
    return pipe(
      jsonSchema(element, `${place}[]`),
      E.map(items => ({ type: 'array', items })),
    )
  }
  if (codec instanceof t.DictionaryType) {
    const value: t.Mixed = codec.codomain
    return pipe(
      jsonSchema(value, `${place}.*`),
      E.map(additionalProperties => ({ type: 'object', additionalProperties })),
    )
  }
  if (codec instanceof t.UnionType)
    return severalSchema('anyOf', withoutUndefined(codec.types), place)
  if (codec instanceof t.IntersectionType) return severalSchema('allOf', codec.types, place)
  if (codec instanceof t.TupleType) return tupleSchema(codec.types, place)
  if (
    codec instanceof t.RefinementType ||
    codec instanceof t.ReadonlyType ||
    codec instanceof t.ExactType
  ) {
    const inner: t.Mixed = codec.type
    return jsonSchema(inner, place)
  }
  if (codec instanceof RefinedType) {
    const { base, keywords }: RefinedType<unknown, unknown> = codec
    return pipe(
      jsonSchema(base, place),
      E.map(schema => ({ ...schema, ...keywords })),
    )
  }
  if (isSecret(codec))
    return pipe(
      jsonSchema(revealed(codec), place),
      E.map(schema => ({ ...schema, writeOnly: true })),
    )
  return E.left(`${place}: the codec "${codec.name}" has no structure that can be described`)
}

const plainSchema = (codec: t.Mixed): JsonSchema | undefined => {
  if (codec instanceof t.StringType) return { type: 'string' }
  if (codec instanceof t.NumberType) return { type: 'number' }
  if (codec instanceof t.BooleanType) return { type: 'boolean' }
  if (codec instanceof t.NullType) return { type: 'null' }
  if (codec instanceof t.UnknownType || codec instanceof t.AnyType) return {}
  if (codec instanceof t.AnyDictionaryType) return { type: 'object' }
  if (codec instanceof t.AnyArrayType) return { type: 'array' }
  if (codec instanceof t.LiteralType) return { const: codec.value }
  if (codec instanceof t.KeyofType) return { enum: Object.keys(codec.keys) }
  return undefined
}

const objectSchema = (
  props: t.Props,
  required: ReadonlySet<string>,
  place: string,
): Either<string, JsonSchema> =>
  pipe(
    all(
      Object.entries(props).map(([name, codec]) =>
        pipe(
          jsonSchema(codec, `${place}.${name}`),
          E.map(schema => [name, schema] as const),
        ),
      ),
    ),
    E.map(properties => ({
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.size > 0 ? { required: [...required] } : {}),
    })),
  )

const severalSchema = (
  keyword: 'anyOf' | 'allOf',
  codecs: ReadonlyArray<t.Mixed>,
  place: string,
): Either<string, JsonSchema> =>
  pipe(
    all(codecs.map(codec => jsonSchema(codec, place))),
    E.map(schemas => (schemas.length === 1 ? { ...schemas[0] } : { [keyword]: schemas })),
  )

const tupleSchema = (codecs: ReadonlyArray<t.Mixed>, place: string): Either<string, JsonSchema> =>
  pipe(
    all(codecs.map((codec, index) => jsonSchema(codec, `${place}[${index}]`))),
    E.map(prefixItems => ({
      type: 'array',
      prefixItems,
      items: false,
      minItems: prefixItems.length,
    })),
  )

/** JSON has no `undefined`: a property that may be undefined is one that may be missing. */
const withoutUndefined = (codecs: ReadonlyArray<t.Mixed>): ReadonlyArray<t.Mixed> =>
  codecs.filter(codec => !(codec instanceof t.UndefinedType))

const all = <A>(results: ReadonlyArray<Either<string, A>>): Either<string, ReadonlyArray<A>> => {
  const failed = results.find(E.isLeft)
  return failed ?? E.right(results.flatMap(result => (E.isRight(result) ? [result.right] : [])))
}
