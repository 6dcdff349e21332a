import * as t from 'io-ts'
import { RefinedType } from '../domain/refined.js'
import { DescribedType } from './described.js'
import { SecretType } from './secret.js'

/**
 * A part of a codec whose work doubles with every level of what it decodes: a union without a
 * literal tag, or an intersection, of which two branches come back to it by the same way. io-ts
 * follows each branch to its end, so that a body of 500 bytes takes seconds. `undefined` where
 * there is none.
 */
export const doublingCodec = (codec: t.Mixed): t.Mixed | undefined =>
  [...partsOf(codec)].find(doubles)

/**
 * One step into a value: by the name of a property, into any property, or into an item of an array.
 */
interface Step {
  readonly way: string
  readonly into: t.Mixed
}

const ANY_PROPERTY = '*'
const ITEM = '[]'

const doubles = (codec: t.Mixed): boolean => {
  const branches = branchesOf(codec).map(branch =>
    stepsOf(branch).filter(({ into }) => partsOf(into).has(codec)),
  )
  return branches.some((steps, index) =>
    branches
      .slice(index + 1)
      .some(others => steps.some(a => others.some(b => sameWay(a.way, b.way)))),
  )
}

/** The codecs that may all be tried on one value. Of a union with a tag only one is. */
const branchesOf = (codec: t.Mixed): ReadonlyArray<t.Mixed> => {
  if (
    codec instanceof t.TaggedUnionType ||
    !(codec instanceof t.UnionType || codec instanceof t.IntersectionType)
  )
    return []
  const branches: ReadonlyArray<t.Mixed> = codec.types
  return branches
}

const sameWay = (a: string, b: string): boolean =>
  a === b || (a === ANY_PROPERTY && b.startsWith('.')) || (b === ANY_PROPERTY && a.startsWith('.'))

/** The steps from a codec into the parts of its values. */
const stepsOf = (codec: t.Mixed): ReadonlyArray<Step> => {
  if (
    codec instanceof t.InterfaceType ||
    codec instanceof t.PartialType ||
    codec instanceof t.StrictType
  ) {
    const props: t.Props = codec.props
    return Object.entries(props).map(([name, into]) => ({ way: `.${name}`, into }))
  }
  if (codec instanceof t.DictionaryType) return [{ way: ANY_PROPERTY, into: codec.codomain }]
  if (codec instanceof t.ArrayType || codec instanceof t.ReadonlyArrayType)
    return [{ way: ITEM, into: codec.type }]
  if (codec instanceof t.TupleType) {
    const items: ReadonlyArray<t.Mixed> = codec.types
    return items.map(into => ({ way: ITEM, into }))
  }
  return sameValueOf(codec).flatMap(stepsOf)
}

/** The codecs that a codec gives the same value to. */
const sameValueOf = (codec: t.Mixed): ReadonlyArray<t.Mixed> => {
  if (codec instanceof t.UnionType || codec instanceof t.IntersectionType) {
    const parts: ReadonlyArray<t.Mixed> = codec.types
    return parts
  }
  if (
    codec instanceof t.RecursiveType ||
    codec instanceof t.RefinementType ||
    codec instanceof t.ReadonlyType ||
    codec instanceof t.ExactType
  ) {
    const inner: t.Mixed = codec.type
    return [inner]
  }
  if (codec instanceof SecretType) return [codec.inner]
  if (codec instanceof DescribedType) return [codec.type]
  return codec instanceof RefinedType ? [codec.base] : []
}

/** Everything that a codec consists of, itself included. */
const partsOf = (codec: t.Mixed): ReadonlySet<t.Mixed> => {
  const parts = new Set<t.Mixed>()
  const left = [codec]
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (parts.has(part)) continue
    parts.add(part)
    left.push(...sameValueOf(part), ...stepsOf(part).map(({ into }) => into))
  }
  return parts
}
