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
