import type { Shape } from './shape.js'

/**
 * One step into a value: into the property or the item with a key, or, without one, into every
 * property or every item.
 */
export interface Step {
  readonly kind: 'property' | 'item'
  readonly key?: string
  readonly into: Shape
}

/** The shapes that a shape gives its own value to: what it wraps, its branches, its parts. */
export const sameValue = (shape: Shape): ReadonlyArray<Shape> => {
  if ('of' in shape) return [shape.of]
  return 'parts' in shape ? shape.parts : []
}

/** The steps from a shape itself, not from what it gives its value to. */
export const ownSteps = (shape: Shape): ReadonlyArray<Step> => {
  if ('of' in shape) return []
  switch (shape._tag) {
    case 'Array':
      return [{ kind: 'item', into: shape.item }]
    case 'Tuple':
      return shape.items.map((into, index) => ({ kind: 'item', key: String(index), into }))
    case 'Object':
      return shape.props.map(({ name, shape: into }) => ({ kind: 'property', key: name, into }))
    case 'Dictionary':
      return [{ kind: 'property', into: shape.value }]
    case 'Union':
    case 'Intersection':
    case 'Primitive':
    case 'Literal':
    case 'Opaque':
      return []
  }
}

/** A function of shapes that computes its answer for each shape once. */
export const memoized = <A>(f: (shape: Shape) => A): ((shape: Shape) => A) => {
  const answers = new WeakMap<Shape, { readonly answer: A }>()
  return shape => {
    const known = answers.get(shape) ?? { answer: f(shape) }
    answers.set(shape, known)
    return known.answer
  }
}

/** Every shape that a value is given to: the shape itself, and those it gives the value to. */
export const layersOf = memoized((shape): ReadonlyArray<Shape> => reachable(shape, sameValue))

/** The steps into a value, from every shape that it is given to. */
export const stepsOf = memoized((shape): ReadonlyArray<Step> => layersOf(shape).flatMap(ownSteps))

/** Everything that a shape consists of, itself included. */
export const partsOf = (shape: Shape): ReadonlyArray<Shape> =>
  reachable(shape, each => [...sameValue(each), ...ownSteps(each).map(({ into }) => into)])

/** A shape without its wrappers; the shape itself if it is a recursion without end. */
export const coreOf = (shape: Shape): Shape =>
  layersOf(shape).find(layer => !('of' in layer)) ?? shape

/** A shape, and all that `next` leads to from it. Each once. */
export const reachable = (
  start: Shape,
  next: (shape: Shape) => ReadonlyArray<Shape>,
): ReadonlyArray<Shape> => {
  const found = new Set([start])
  // A set yields what is added to it meanwhile.
  for (const shape of found) for (const each of next(shape)) found.add(each)
  return [...found]
}
