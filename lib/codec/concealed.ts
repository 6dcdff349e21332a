import * as t from 'io-ts'
import { holdsSecret, isConfidential } from './secrets.js'
import { type Shape, shapeOf } from './shape.js'
import { stepsOf } from './traversal.js'

/**
 * Whether an error must not show its value: because the value is secret, is inside a secret or
 * contains one; or because its own key, or a key in it, is in `hidden`. `places` are the entries of
 * the error's context that are places in the data.
 */
export const isConcealed = (
  { value, context }: t.ValidationError,
  places: t.Context,
  hidden: ReadonlySet<string>,
): boolean =>
  context.some(entry => hidden.has(entry.key.toLowerCase()) || isConfidential(shapeAt(entry))) ||
  hasKeyIn(value, hidden) ||
  isSecretPlace(places)

const hasKeyIn = (value: unknown, hidden: ReadonlySet<string>): boolean =>
  hidden.size > 0 &&
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).some(key => hidden.has(key.toLowerCase()))

/**
 * Every part of the codec counts that says something of this place, not only the one that failed.
 */
const isSecretPlace = (places: t.Context): boolean => {
  let here: ReadonlyArray<Shape> = []
  for (const entry of places) {
    const all = new Set([shapeAt(entry), ...here.flatMap(shape => below(shape, entry.key))])
    here = [...all].filter(holdsSecret)
    if (here.some(isConfidential)) return true
  }
  return here.length > 0
}

/** The shape at an entry of a context, where an author's codec may put any decoder. */
export const shapeAt = ({ type }: t.ContextEntry): Shape =>
  shapeOf(isCodec(type) ? type : t.unknown)

const isCodec = (decoder: t.ContextEntry['type']): decoder is t.Mixed => 'encode' in decoder

/** The shapes that the member of a value is given to. */
const below = (shape: Shape, key: string): ReadonlyArray<Shape> =>
  stepsOf(shape).flatMap(step => (step.key === undefined || step.key === key ? [step.into] : []))
