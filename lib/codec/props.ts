import type * as t from 'io-ts'
import { type Shape, shapeOf } from './shape.js'
import { layersOf, reachable, sameValue } from './traversal.js'

/**
 * The names of the properties that a value may have, in any branch of a union; `undefined` if no
 * part of the codec is an object whose properties can be seen.
 */
export const propNames = (codec: t.Mixed): ReadonlyArray<string> | undefined => {
  const objects = layersOf(shapeOf(codec)).flatMap(layer =>
    layer._tag === 'Object' ? [layer.props.map(({ name }) => name)] : [],
  )
  return objects.length === 0 ? undefined : [...new Set(objects.flat())]
}

/** The names of the properties that every value must have. Those in a union do not count. */
export const requiredProps = (codec: t.Mixed): ReadonlyArray<string> => {
  const always = reachable(shapeOf(codec), shape =>
    shape._tag === 'Union' || shape._tag === 'Altered' ? [] : sameValue(shape),
  )
  const required = always.flatMap(shape =>
    shape._tag === 'Object' && !shape.isPartial
      ? shape.props.flatMap(prop => (mayBeMissing(prop.shape) ? [] : [prop.name]))
      : [],
  )
  return [...new Set(required)]
}

/**
 * Whether a codec takes `undefined`, which io-ts gives it for a missing property. If it throws, it
 * has not refused a value, for there was none.
 */
export const mayBeMissing = ({ codec }: Shape): boolean => {
  try {
    return codec.decode(undefined)._tag === 'Right'
  } catch {
    return true
  }
}

/**
 * What a codec is given where there is no value at all, such as the body of a request without one:
 * `undefined` if it takes that, else a new `{}` if it takes that. `undefined` for a codec that
 * takes neither, and then says what it expected.
 */
export const missingValue = (codec: t.Mixed): (() => unknown) =>
  !takes(codec, undefined) && takes(codec, {}) ? () => ({}) : () => undefined

/** Whether a codec takes a query, headers or a body without anything: {@link missingValue}. */
export const takesNothing = (codec: t.Mixed): boolean => takes(codec, missingValue(codec)())

/** Whether a codec takes a value. An author's codec may throw: then it does not. */
const takes = (codec: t.Mixed, value: unknown): boolean => {
  try {
    return codec.decode(value)._tag === 'Right'
  } catch {
    return false
  }
}
