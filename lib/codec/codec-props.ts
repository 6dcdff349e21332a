import * as t from 'io-ts'
import { DescribedType } from './described.js'
import { SecretType } from './secret.js'

/**
 * The properties that an object codec names, with their codecs: through intersections, refinements,
 * `readonly`, `exact` and recursion. Empty for a codec whose structure cannot be seen, such as one
 * made with `new t.Type`.
 */
export const propsOf = (codec: t.Mixed): ReadonlyMap<string, t.Mixed> => new Map(entriesOf(codec))

const entriesOf = (codec: t.Mixed): ReadonlyArray<readonly [string, t.Mixed]> => {
  if (
    codec instanceof t.InterfaceType ||
    codec instanceof t.PartialType ||
    codec instanceof t.StrictType
  ) {
    const props: t.Props = codec.props
    return Object.entries(props)
  }
  if (codec instanceof t.IntersectionType) {
    const parts: ReadonlyArray<t.Mixed> = codec.types
    return parts.flatMap(entriesOf)
  }
  if (
    codec instanceof t.ExactType ||
    codec instanceof t.ReadonlyType ||
    codec instanceof t.RefinementType
  ) {
    const inner: t.Mixed = codec.type
    return entriesOf(inner)
  }
  if (codec instanceof t.RecursiveType || codec instanceof DescribedType) {
    const inner: t.Mixed = codec.type
    return entriesOf(inner)
  }
  if (codec instanceof SecretType) return entriesOf(codec.inner)
  return []
}

/**
 * The names of the properties that a value may have, by whichever branch of a union; `undefined`
 * where no part of the codec is an object whose properties can be seen.
 */
export const namesIn = (codec: t.Mixed): ReadonlyArray<string> | undefined => {
  if (codec instanceof t.UnionType || codec instanceof t.IntersectionType) {
    const parts: ReadonlyArray<t.Mixed> = codec.types
    const named = parts.map(namesIn).filter(names => names !== undefined)
    return named.length === 0 ? undefined : [...new Set(named.flat())]
  }
  if (
    codec instanceof t.ExactType ||
    codec instanceof t.ReadonlyType ||
    codec instanceof t.RefinementType ||
    codec instanceof t.RecursiveType ||
    codec instanceof DescribedType
  )
    return namesIn(codec.type)
  if (codec instanceof SecretType) return namesIn(codec.inner)
  return codec instanceof t.InterfaceType || codec instanceof t.PartialType
    ? Object.keys(codec.props)
    : undefined
}

/** The properties without which a value does not fit. */
export const requiredProps = (codec: t.Mixed): ReadonlyArray<string> => {
  const missing = new Set(
    errorsWithout(codec).flatMap(error => error.context.map(entry => entry.key)),
  )
  return [...propsOf(codec).keys()].filter(name => missing.has(name))
}

/**
 * What a codec says of an object without properties; nothing where it throws, for no value has been
 * sent that it could refuse.
 */
const errorsWithout = (codec: t.Mixed): t.Errors => {
  try {
    const decoded = codec.decode({})
    return decoded._tag === 'Left' ? decoded.left : []
  } catch {
    return []
  }
}
