import type * as t from 'io-ts'
import { type Shape, shapeOf } from './shape.js'
import { layersOf, reachable, sameValue } from './traversal.js'

/**
 * The names of the properties that a value may have, in whichever branch of a union; `undefined`
 * where no part of the codec is an object whose properties can be seen.
 */
export const propNames = (codec: t.Mixed): ReadonlyArray<string> | undefined => {
  const objects = layersOf(shapeOf(codec)).flatMap(layer =>
    layer._tag === 'Object' ? [layer.props.map(({ name }) => name)] : [],
  )
  return objects.length === 0 ? undefined : [...new Set(objects.flat())]
}

/** The names of the properties without which no value fits. A union requires none. */
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
 * Whether a codec takes `undefined`, which is what io-ts gives it for a missing property. A codec
 * that throws has refused no value, for none was given.
 */
export const mayBeMissing = ({ codec }: Shape): boolean => {
  try {
    return codec.decode(undefined)._tag === 'Right'
  } catch {
    return true
  }
}
