import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Query } from '../domain/http.js'
import { shapeAt } from './concealed.js'
import { type Shape, shapeOf } from './shape.js'
import { layersOf, stepsOf } from './traversal.js'

/**
 * Decodes the fields of a query or a form, where a list of one looks like a text: `?tag=a`. A text
 * becomes a list where the codec asks for one.
 *
 * Branches of a union may ask for different things under one name, and the structure of a codec
 * cannot always be seen. So where the codec refuses the fields, those texts become lists in whose
 * place one of its branches expected a list.
 */
export const fieldsDecoder = (codec: t.Mixed): ((fields: Query) => t.Validation<unknown>) => {
  const lists = arraysFor(codec)
  return fields => {
    const fitted = lists(fields)
    const decoded = codec.decode({ ...fitted })
    return E.isRight(decoded) ? decoded : decodeAgain(codec, fitted, decoded.left)
  }
}

/** A codec has a few branches; a client must not make it decode many times. */
const MOST_ATTEMPTS = 16
/** The first errors say enough. */
const MOST_ERRORS = 100

/** The errors are those of the attempt that came closest. */
const decodeAgain = (codec: t.Mixed, fields: Query, errors: t.Errors): t.Validation<unknown> => {
  const attempts = [...withLists(fields, errors)]
  let fewest = errors
  // What a failed attempt leads to is tried after the others.
  for (const [index, attempt] of attempts.entries()) {
    if (index === MOST_ATTEMPTS) break
    const decoded = codec.decode({ ...attempt })
    if (E.isRight(decoded)) return decoded
    if (decoded.left.length < fewest.length) fewest = decoded.left
    attempts.push(...withLists(attempt, decoded.left))
  }
  return E.left(fewest)
}

/** For each branch that expected lists where texts are: the fields with these lists. */
const withLists = (fields: Query, errors: t.Errors): ReadonlyArray<Query> => {
  const branches = new Map<string, Set<string>>()
  for (const { context } of errors.slice(0, MOST_ERRORS)) {
    const at = context.findIndex(
      ({ key, actual }) => typeof actual === 'string' && fields[key] === actual,
    )
    const entry = context[at]
    if (entry === undefined || !asksForList([shapeAt(entry)])(String(entry.actual))) continue
    const branch = context
      .slice(0, at)
      .map(({ key }) => key)
      .join('.')
    branches.set(branch, (branches.get(branch) ?? new Set()).add(entry.key))
  }
  return [...branches.values()].map(keys => listed(fields, [...keys]))
}

/** The fields with lists of one under some keys. */
const listed = (fields: Query, keys: ReadonlyArray<string>): Query => {
  const copy: Record<string, string | ReadonlyArray<string>> = Object.create(null)
  const lists = keys.flatMap(key => {
    const value = fields[key]
    return typeof value === 'string' ? [[key, [value]] as const] : []
  })
  return Object.assign(copy, fields, Object.fromEntries(lists))
}

/**
 * Puts a single value into an array where the structure of the codec says that it expects one.
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
    const single = (others === never ? known : Object.keys(query)).filter(key => {
      const value = query[key]
      const ask = asks.get(key) ?? others
      return typeof value === 'string' && ask(value)
    })
    return single.length === 0 ? query : listed(query, single)
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
