import { clipped } from '../text/show.js'
import { hasToJson, isPlain, type Loss, lossOf } from './loss-kinds.js'

/** A place in a value where JSON would change or lose what stands there. */
export interface JsonLoss extends Loss {
  /** From the name of the whole on: `answer.visits`. */
  readonly path: string
}

/** A loss as a sentence. */
export const lossSentence = ({ path, found, advice }: JsonLoss): string =>
  `JSON cannot carry ${path}, which is ${found}: ${advice}`

/** The loss of a value itself, whatever its members are. `root` is its name. */
export const topJsonLoss = (value: unknown, root: string): JsonLoss | undefined => {
  if (isOrdinary(value)) return undefined
  try {
    const loss = lossOf(value) ?? (hasToJson(value) ? lossOf(value.toJSON('')) : undefined)
    return loss === undefined ? undefined : { path: root, ...loss }
  } catch (thrown) {
    return { path: root, ...unreadable(thrown) }
  }
}

/** Most answers are, and need no more than this. */
const isOrdinary = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  isPlain(value) &&
  // On Node.js 20, iterators have the constructor of plain objects.
  !('toJSON' in value || Symbol.iterator in value)

/**
 * The first place in a value where `JSON.stringify` would throw, or where its text would not have
 * what stands there. `root` is the name of the whole.
 *
 * What `toJSON` returns counts instead of its object, and a property that is `undefined` is absent.
 * What JSON leaves out by design is no loss: properties whose names are symbols or not enumerable,
 * methods of classes, named properties of arrays, the sign of -0.
 */
export const jsonLoss = (whole: unknown, root: string): JsonLoss | undefined => {
  let place: Place | undefined = { object: { [root]: whole }, names: [root], size: 1, at: -1 }
  // Not by recursion: a value may be nested deeper than the stack is.
  const way = [place]
  try {
    while (place !== undefined) {
      if (++place.at === place.size) way.pop()
      else {
        const loss = lossOfMember(place, way)
        if (loss !== undefined) return { path: pathOf(way), ...loss }
      }
      place = way.at(-1)
    }
    return undefined
  } catch (thrown) {
    return { path: pathOf(way), ...unreadable(thrown) }
  }
}

/** A getter, a proxy or a `toJSON` threw. */
const unreadable = (cause: unknown): Loss => ({
  found: 'unreadable',
  advice: 'the log has what it threw',
  cause,
})

/** An object or an array on the way to a value, and its member that leads there. */
interface Place {
  readonly object: object
  /** The names of the members; `undefined` for an array. */
  readonly names: ReadonlyArray<string> | undefined
  readonly size: number
  at: number
}

/** The loss of a member itself. Without one, an object is the next place on the way. */
const lossOfMember = ({ object, names, at }: Place, way: Place[]): Loss | undefined => {
  const name = names === undefined ? at : names[at]
  const member: unknown = object[name as keyof typeof object]
  switch (typeof member) {
    case 'string':
    case 'boolean':
      return undefined
    case 'undefined':
      return names === undefined ? nothingInArray(at in object) : undefined
  }
  if (member === null) return undefined
  const loss = lossOf(member)
  if (loss !== undefined || !hasToJson(member)) return loss ?? enter(member, way)
  const json = member.toJSON(String(name))
  if (json === undefined && names === undefined) return nothingInArray(true)
  // JSON does not ask what `toJSON` returned for a `toJSON` of its own.
  return lossOf(json) ?? enter(json, way)
}

const nothingInArray = (isThere: boolean): Loss => ({
  found: isThere ? 'undefined in an array' : 'a hole in an array',
  advice: 'send null, or leave it out',
})

const enter = (value: unknown, way: Place[]): Loss | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const names = Array.isArray(value) ? undefined : Object.keys(value)
  const size = names === undefined ? (value as ReadonlyArray<unknown>).length : names.length
  way.push({ object: value, names, size, at: -1 })
  // A circle leads deep: to look for one at every step would cost more.
  if (way.length % 64 !== 0) return undefined
  return way.length > MAX_DEPTH ? TOO_DEEP : circleIn(way)
}

/** `JSON.stringify` ends earlier, unless the stack was made larger. A getter may go on for ever. */
const MAX_DEPTH = 10_000
const TOO_DEEP: Loss = { found: 'nested too deep', advice: 'send less at a time' }

/** An object that is a part of itself. The way is cut where it is met again. */
const circleIn = (way: Place[]): Loss | undefined => {
  const places = new Map<object, number>()
  for (const [index, { object }] of way.entries()) {
    const before = places.get(object)
    if (before !== undefined) {
      way.length = index
      const path = pathOf(way.slice(0, before))
      return { found: `${path} again`, advice: 'JSON has no references, so send an id' }
    }
    places.set(object, index)
  }
  return undefined
}

const pathOf = (way: ReadonlyArray<Place>): string =>
  clipped(way.map(({ names, at }) => clipped(names?.[at] ?? String(at), 80)).join('.'))
