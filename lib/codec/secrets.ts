import type * as t from 'io-ts'
import { type Shape, shapeOf } from './shape.js'
import { layersOf, memoized, ownSteps, partsOf, type Step, stepsOf } from './traversal.js'

/**
 * The texts in the secret parts of a configuration, which a log must not show: as they came in
 * (`input`), and as they were decoded (`output`).
 */
export const secretsIn = (
  codec: t.Mixed,
  input: Readonly<Record<string, unknown>>,
  output: unknown,
): ReadonlyArray<string> => {
  const values = [input, output].filter(isRecord)
  return secretSteps(shapeOf(codec))
    .flatMap(({ key }) => values.flatMap(value => (key === undefined ? value : [value[key]])))
    .flatMap(value => textsIn(value))
}

/**
 * The secret properties. If a part is secret as a whole, all of its properties are; if they cannot
 * be seen, every property that there is.
 */
const secretSteps = (shape: Shape): ReadonlyArray<Pick<Step, 'key'>> =>
  layersOf(shape).flatMap((layer): ReadonlyArray<Pick<Step, 'key'>> => {
    if (layer._tag !== 'Secret') return ownSteps(layer).filter(({ into }) => holdsSecret(into))
    const steps = stepsOf(layer)
    return steps.length > 0 ? steps : [{}]
  })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The texts and numbers in a value, however deep. The tag of an `Option` is not a secret. */
const textsIn = (value: unknown, outer: ReadonlyArray<unknown> = []): ReadonlyArray<string> => {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null || outer.includes(value)) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '_tag' ? [] : textsIn(member, [...outer, value]),
  )
}

/** Whether a value is secret as a whole, or may be: one branch of a union is enough. */
export const isConfidential = memoized((shape): boolean =>
  layersOf(shape).some(({ _tag }) => _tag === 'Secret'),
)

/** Whether any part of a value is secret. Such a value must not be shown as a whole either. */
export const holdsSecret = memoized((shape): boolean =>
  partsOf(shape).some(({ _tag }) => _tag === 'Secret'),
)
