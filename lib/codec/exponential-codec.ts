import type * as t from 'io-ts'
import { type Shape, shapeOf } from './shape.js'
import { partsOf, type Step, stepsOf } from './traversal.js'

/**
 * A part of a codec that doubles its work with every level of its input: a union without a literal
 * tag, or an intersection, with two branches that lead back to it through the same property or
 * item. io-ts follows both to their ends, so a body of 500 bytes takes seconds. `undefined` if
 * there is no such part.
 */
export const exponentialPart = (codec: t.Mixed): t.Mixed | undefined =>
  partsOf(shapeOf(codec)).find(doubles)?.codec

const doubles = (shape: Shape): boolean => {
  const branches = tried(shape).map(branch =>
    stepsOf(branch).filter(({ into }) => partsOf(into).includes(shape)),
  )
  return branches.some((steps, index) =>
    branches
      .slice(index + 1)
      .some(others => steps.some(a => others.some(b => leadTheSameWay(a, b)))),
  )
}

/** The parts that io-ts may all try on one value. A union with a tag tries only one. */
const tried = (shape: Shape): ReadonlyArray<Shape> =>
  shape._tag === 'Intersection' || (shape._tag === 'Union' && shape.tag === undefined)
    ? shape.parts
    : []

const leadTheSameWay = (a: Step, b: Step): boolean =>
  a.kind === b.kind && (a.key === undefined || b.key === undefined || a.key === b.key)
