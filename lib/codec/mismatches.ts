import * as t from 'io-ts'
import { RefinedType } from '../domain/refined.js'
import { bare } from './secrets.js'

/**
 * Where a value is not what a codec decodes to, in the form of decoding errors, for `explain`:
 * empty where it is. Of a union the whole is named, and of a codec whose structure cannot be seen.
 */
export const misfits = (
  codec: t.Mixed,
  value: unknown,
  context: t.Context = [{ key: '', type: codec, actual: value }],
): t.Errors => {
  const fits: boolean = codec.is(value)
  if (fits) return []
  const inner = partsOf(codec, value).flatMap(({ key, type, actual }) =>
    misfits(type, actual, [...context, { key, type, actual }]),
  )
  return inner.length > 0 ? inner : [{ value, context }]
}

interface Part {
  readonly key: string
  readonly type: t.Mixed
  readonly actual: unknown
}

const partsOf = (codec: t.Mixed, value: unknown): ReadonlyArray<Part> => {
  const plain = bare(codec)
  if (plain instanceof RefinedType) return partsOf(plain.base, value)
  if (plain instanceof t.IntersectionType)
    return plain.types.map((type: t.Mixed, index: number) => ({
      key: String(index),
      type,
      actual: value,
    }))
  if (Array.isArray(value)) {
    const items: ReadonlyArray<unknown> = value
    if (plain instanceof t.ArrayType || plain instanceof t.ReadonlyArrayType)
      return items.map((actual, index) => ({ key: String(index), type: plain.type, actual }))
    return plain instanceof t.TupleType
      ? plain.types.map((type: t.Mixed, index: number) => ({
          key: String(index),
          type,
          actual: items[index],
        }))
      : []
  }
  if (!t.UnknownRecord.is(value)) return []
  if (plain instanceof t.DictionaryType)
    return Object.entries(value).map(([key, actual]) => ({ key, type: plain.codomain, actual }))
  if (
    !(
      plain instanceof t.InterfaceType ||
      plain instanceof t.PartialType ||
      plain instanceof t.StrictType
    )
  )
    return []
  const props: t.Props = plain.props
  return Object.entries(props).map(([key, type]) => ({ key, type, actual: value[key] }))
}
