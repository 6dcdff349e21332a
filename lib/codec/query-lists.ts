import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Query } from '../domain/http.js'
import { type Shape, shapeOf } from './shape.js'
import { layersOf, stepsOf } from './traversal.js'

/**
 * Puts a single value into an array where the codec expects an array: `?tag=a` is a list of one
 * tag.
 */
export const arraysFor = (codec: t.Mixed): ((query: Query) => Query) => {
  const shape = shapeOf(codec)
  const steps = stepsOf(shape).filter(({ kind }) => kind === 'property')
  const asks = new Map<string | undefined, Ask>()
  for (const key of new Set(steps.map(step => step.key))) {
    const said = steps.filter(step => step.key === key || step.key === undefined)
    asks.set(key, asksForList(said.map(({ into }) => into)))
  }
  const known = [...asks].flatMap(([key, ask]) => (key === undefined || ask === never ? [] : [key]))
  const others = asks.get(undefined) ?? never
  if ((known.length === 0 && others === never) || mayTakeText(shape)) return query => query
  return query => {
    const single = (others === never ? known : Object.keys(query)).flatMap(key => {
      const value = query[key]
      const ask = asks.get(key) ?? others
      return typeof value === 'string' && ask(value) ? [[key, [value]] as const] : []
    })
    if (single.length === 0) return query
    const copy: Record<string, string | ReadonlyArray<string>> = Object.create(null)
    return Object.assign(copy, query, Object.fromEntries(single))
  }
}

/** Whether one value is to be a list of one. */
type Ask = (value: string) => boolean
const always: Ask = () => true
const never: Ask = () => false

/** Whether a branch whose structure cannot be seen may take the text that the others refuse. */
const mayTakeText = (shape: Shape): boolean => {
  const tags = new Set(layersOf(shape).map(({ _tag }) => _tag))
  return tags.has('Union') && tags.has('Opaque')
}

/**
 * Decides by everything that a codec says of one key. Where its structure is not clear, the value
 * becomes a list if the codec refuses it and takes a list.
 */
const asksForList = (shapes: ReadonlyArray<Shape>): Ask => {
  const layers = shapes.flatMap(layersOf)
  const leaves = layers.filter(layer => !('of' in layer || 'parts' in layer || isNothing(layer)))
  const lists = leaves.filter(isList)
  if (lists.length > 0 && lists.length === leaves.length) return always
  if (lists.length === 0 && !layers.some(isUnclear)) return never
  return value =>
    shapes.every(({ codec }) => E.isLeft(codec.decode(value))) &&
    (lists.length > 0 || shapes.some(({ codec }) => E.isRight(codec.decode([value]))))
}

const isList = (shape: Shape): boolean =>
  shape._tag === 'Array' ||
  shape._tag === 'Tuple' ||
  (shape._tag === 'Primitive' && shape.type === 'array')

const isNothing = (shape: Shape): boolean =>
  shape._tag === 'Primitive' && (shape.type === 'undefined' || shape.type === 'null')

const isUnclear = ({ _tag }: Shape): boolean => _tag === 'Opaque' || _tag === 'Altered'
