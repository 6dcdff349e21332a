import * as O from 'fp-ts/lib/Option.js'
import { clipped } from './text/show.js'

// Anything can be thrown: an error of another realm, a plain object, a proxy whose traps throw. The
// functions here take any value and never throw.

/** The message of whatever was thrown. It shows no property of an object but its message. */
export const messageOf = (u: unknown): string => {
  switch (typeof u) {
    case 'string':
      return u === '' ? 'an empty text' : u
    case 'function':
      return 'a function'
    case 'object':
      return u === null ? 'null' : messageOfObject(u)
    default:
      return String(u)
  }
}

const messageOfObject = (object: object): string => {
  const [message, name, errors] = ['message', 'name', 'errors'].map(key =>
    readProperty(object, key),
  )
  if (typeof message === 'string' && message !== '') return message
  // Of a connection that failed at each address of its host, Node.js has only the reasons.
  if (isList(errors) && errors.length > 0)
    return errors.slice(0, MOST_REASONS).map(reasonOf).join('; ')
  if (isError(object)) return typeof name === 'string' && name !== '' ? name : 'Error'
  return resultOf(() => described(object)) ?? 'a value that cannot be shown'
}

const MOST_REASONS = 3

const reasonOf = (error: unknown): string => {
  const message =
    typeof error === 'object' && error !== null ? readProperty(error, 'message') : error
  return typeof message === 'string' && message !== '' ? message : 'an error'
}

/** What an object without a message is: its own text, or its class and its properties' names. */
const described = (object: object): string => {
  if (isList(object)) return `a list of ${object.length} values`
  const text = resultOf(() => String(object)) ?? ''
  if (!/^(?:\[object .*\])?$/.test(text)) return text
  const { constructor: made } = object
  const isOfClass = typeof made === 'function' && made !== Object && made.name !== ''
  const names = Object.keys(object)
  return clipped(
    `an object${isOfClass ? ` of the class ${made.name}` : ''} ` +
      (names.length === 0 ? 'without properties' : `with ${names.join(', ')}`),
  )
}

const isList = (u: unknown): u is ReadonlyArray<unknown> =>
  resultOf(() => Array.isArray(u)) === true

/** Whether a value is an error, of whichever realm: a worker, a `vm` context, a test runner. */
export const isError = (u: unknown): boolean =>
  typeof u === 'object' &&
  u !== null &&
  resultOf(() => u instanceof Error || Object.prototype.toString.call(u) === '[object Error]') ===
    true

/** The property of any object; `undefined` if reading it throws. */
export const readProperty = (object: object, name: string): unknown =>
  resultOf(() => (object as Readonly<Record<string, unknown>>)[name])

/** What a function returns; `undefined` if it throws. */
export const resultOf = <A>(f: () => A): A | undefined => O.toUndefined(O.tryCatch(f))

/** The code of an error of the system, such as `ENOENT`, if it is one. */
export const errorCode = (u: unknown): string | undefined => {
  const code =
    typeof u === 'object' && u !== null && isError(u) ? readProperty(u, 'code') : undefined
  return typeof code === 'string' ? code : undefined
}

/** How many causes are followed. */
const MOST_CAUSES = 8

/** An error and its causes, the innermost last. A circle is followed once. */
export const causesOf = (error: unknown): ReadonlyArray<unknown> => {
  const found = new Set<unknown>()
  for (
    let current = error;
    current !== undefined && current !== null && !found.has(current) && found.size < MOST_CAUSES;
    current = causeOf(current)
  )
    found.add(current)
  return [...found]
}

/** Some errors have a method for their cause. */
const causeOf = (error: unknown): unknown => {
  if (typeof error !== 'object' || error === null) return undefined
  const cause = readProperty(error, 'cause')
  return typeof cause === 'function' ? resultOf((): unknown => cause.call(error)) : cause
}
