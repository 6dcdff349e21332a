import * as t from 'io-ts'
import { RefinedType } from '../domain/refined.js'
import { namesIn, propsOf } from './codec-props.js'
import { DescribedType } from './described.js'
import { isSecret, SecretType } from './secret.js'

/**
 * The texts that a configuration holds under keys marked as secret, as they came in (`input`) and
 * as they were decoded (`output`). They are what a log must not show.
 */
export const secretsIn = (
  codec: t.Mixed,
  input: Readonly<Record<string, unknown>>,
  output: unknown,
): ReadonlyArray<string> => {
  const decoded: Readonly<Record<string, unknown>> = t.UnknownRecord.is(output) ? output : {}
  return [...new Set(secretKeys(codec))]
    .flatMap(key => [input[key], decoded[key]])
    .flatMap(value =>
      typeof value === 'string' ? [value] : typeof value === 'number' ? [String(value)] : [],
    )
}

/** Of a codec that is secret as a whole every key is, whatever stands beside it. */
const secretKeys = (codec: t.Mixed): ReadonlyArray<string> => {
  if (isSecret(codec)) return namesIn(codec) ?? []
  const inner = inside(codec)
  if (inner instanceof t.Type) return secretKeys(inner)
  if (codec instanceof t.UnionType || codec instanceof t.IntersectionType)
    return codec.types.flatMap(secretKeys)
  return [...propsOf(codec)].filter(([, prop]) => holdsSecret(prop)).map(([key]) => key)
}

/**
 * Whether a codec is marked as secret, under whatever is put around it, or as one of several that
 * may fit.
 */
export const isConfidential = (codec: unknown): boolean => {
  if (isSecret(codec)) return true
  const inner = inside(codec)
  if (inner !== undefined) return isConfidential(inner)
  return codec instanceof t.UnionType && codec.types.some(isConfidential)
}

/**
 * Whether a codec is marked as secret, or any part of it: a value that it refuses must not be
 * shown.
 */
export const holdsSecret = (codec: unknown): boolean => holdsUnseen(codec, new Set())

/**
 * Every codec is looked at once, however many lead to it: the ways through a grammar of a dozen
 * recursive codecs are millions.
 */
const holdsUnseen = (codec: unknown, seen: Set<unknown>): boolean => {
  if (isSecret(codec)) return true
  if (seen.has(codec)) return false
  seen.add(codec)
  return partsOf(codec).some(part => holdsUnseen(part, seen))
}

const partsOf = (codec: unknown): ReadonlyArray<unknown> => {
  const inner = inside(codec)
  if (inner !== undefined) return [inner]
  if (
    codec instanceof t.UnionType ||
    codec instanceof t.IntersectionType ||
    codec instanceof t.TupleType
  )
    return codec.types
  if (codec instanceof t.ArrayType || codec instanceof t.ReadonlyArrayType) return [codec.type]
  if (codec instanceof t.DictionaryType) return [codec.codomain]
  return codec instanceof t.Type ? [...propsOf(codec).values()] : []
}

/**
 * A codec without what is put around it to narrow or to mark it: that leaves no trace in the way to
 * an error.
 */
export const bare = (codec: unknown): unknown => {
  const inner = inside(codec)
  return inner === undefined ? codec : bare(inner)
}

const inside = (codec: unknown): unknown => {
  if (codec instanceof SecretType) return codec.inner
  if (
    codec instanceof t.RefinementType ||
    codec instanceof t.ReadonlyType ||
    codec instanceof t.ExactType
  )
    return codec.type
  if (codec instanceof RefinedType) return codec.base
  return codec instanceof t.RecursiveType || codec instanceof DescribedType ? codec.type : undefined
}
