import type * as t from 'io-ts'
import { type Shape, shapeOf } from './shape.js'
import { partsOf, type Step, stepsOf } from './traversal.js'

/**
 * A part of a codec whose work doubles with every level of what it decodes: a union without a
 * literal tag, or an intersection, of which two branches come back to it by the same way. io-ts
 * follows each branch to its end, so that a body of 500 bytes takes seconds. `undefined` where
 * there is none.
 */
export const exponentialPart = (codec: t.Mixed): t.Mixed | undefined =>
  partsOf(shapeOf(codec)).find(doubles)?.codec

const doubles = (shape: Shape): boolean => {
  const branches = tried(shape).map(branch =>
    stepsOf(branch).filter(({ into }) => partsOf(into).includes(shape)),
  )
  return branches.some((steps, index) =>
    branches.slice(index + 1).some(others => steps.some(a => others.some(b => sameWay(a, b)))),
  )
}

/** The parts that may all be tried on one value. Of a union with a tag only one is. */
const tried = (shape: Shape): ReadonlyArray<Shape> =>
  shape._tag === 'Intersection' || (shape._tag === 'Union' && shape.tag === undefined)
    ? shape.parts
    : []

const sameWay = (a: Step, b: Step): boolean =>
  a.kind === b.kind && (a.key === undefined || b.key === undefined || a.key === b.key)
