import type * as t from 'io-ts'
import { type Shape, shapeOf } from './shape.js'
import { coreOf, ownSteps, type Step } from './traversal.js'

/**
 * Where a value is not what a codec decodes to, as decoding errors for `explain`; empty if it fits.
 * A union, or a codec whose structure cannot be seen, is named as a whole.
 */
export const mismatches = (
  codec: t.Mixed,
  value: unknown,
  context: t.Context = [{ key: '', type: codec, actual: value }],
): t.Errors => {
  const fits: boolean = codec.is(value)
  if (fits) return []
  const inner = membersOf(coreOf(shapeOf(codec)), value).flatMap(entry =>
    mismatches(entry.type, entry.actual, [...context, entry]),
  )
  return inner.length > 0 ? inner : [{ value, context }]
}

interface Member extends t.ContextEntry {
  readonly type: t.Mixed
}

const membersOf = (shape: Shape, value: unknown): ReadonlyArray<Member> =>
  shape._tag === 'Intersection'
    ? shape.parts.map(({ codec: type }, index) => ({ key: String(index), type, actual: value }))
    : ownSteps(shape).flatMap(step => membersAt(step, value))

const membersAt = ({ kind, key, into }: Step, value: unknown): ReadonlyArray<Member> =>
  isObject(value) && (kind === 'item') === Array.isArray(value)
    ? (key === undefined ? Object.keys(value) : [key]).map(each => ({
        key: each,
        type: into.codec,
        actual: value[each],
      }))
    : []

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
