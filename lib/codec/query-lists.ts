import * as t from 'io-ts'
import type { Query } from '../domain/http.js'
import { propsOf } from './codec-props.js'

/**
 * Puts a single value into an array under every key where the codec asks for one: `?tag=a` is one
 * tag.
 */
export const arraysFor = (codec: t.Mixed): ((query: Query) => Query) => {
  const props = [...propsOf(codec)].filter(([, prop]) => !(prop instanceof t.StringType))
  if (props.length === 0) return query => query
  return query => {
    const single = props.flatMap(([key, prop]) => {
      const value = query[key]
      return typeof value === 'string' && asksForArray(prop, value) ? [[key, [value]] as const] : []
    })
    if (single.length === 0) return query
    const copy: Record<string, string | ReadonlyArray<string>> = Object.create(null)
    return Object.assign(copy, query, Object.fromEntries(single))
  }
}

/**
 * By its structure where that can be seen; else a codec asks for an array if it refuses the text
 * and takes an array of it.
 */
const asksForArray = (codec: t.Mixed, value: string): boolean =>
  codec instanceof t.ArrayType ||
  codec instanceof t.ReadonlyArrayType ||
  (codec.decode(value)._tag === 'Left' &&
    (codec.decode([value])._tag === 'Right' || isOptionalArray(codec)))

const isOptionalArray = (codec: t.Mixed): boolean => {
  if (!(codec instanceof t.UnionType)) return false
  const types: ReadonlyArray<t.Mixed> = codec.types
  return types.some(type => type instanceof t.ArrayType || type instanceof t.ReadonlyArrayType)
}
