import * as t from 'io-ts'
import { propsOf } from '../domain/codec-props.js'
import type { Query } from '../domain/http.js'

const NONE: Query = Object.freeze(Object.create(null))

/**
 * A query string or a form as an object without a prototype: a key with its text, or with an array where it came more than once. Decoded as
 * browsers encode it (`+` is a blank); what is not valid there becomes U+FFFD.
 */
export const parseQuery = (text: string): Query => {
  if (text === '') return NONE
  const query: Record<string, string | string[]> = Object.create(null)
  for (const [key, value] of new URLSearchParams(text)) {
    const earlier = query[key]
    if (earlier === undefined) query[key] = value
    else if (typeof earlier === 'string') query[key] = [earlier, value]
    else earlier.push(value)
  }
  return query
}

/** Puts a single value into an array under every key where the codec asks for one: `?tag=a` is one tag. */
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

/** By its structure where that can be seen; else a codec asks for an array if it refuses the text and takes an array of it. */
const asksForArray = (codec: t.Mixed, value: string): boolean =>
  codec instanceof t.ArrayType ||
  codec instanceof t.ReadonlyArrayType ||
  (codec.decode(value)._tag === 'Left' && (codec.decode([value])._tag === 'Right' || isOptionalArray(codec)))

const isOptionalArray = (codec: t.Mixed): boolean => {
  if (!(codec instanceof t.UnionType)) return false
  const types: ReadonlyArray<t.Mixed> = codec.types
  return types.some(type => type instanceof t.ArrayType || type instanceof t.ReadonlyArrayType)
}
