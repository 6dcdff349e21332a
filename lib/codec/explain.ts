import type * as t from 'io-ts'
import type { Detail } from '../domain/plugin-error.js'
import { isConcealed, shapeAt } from './concealed.js'
import { coreOf } from './traversal.js'

/**
 * The errors of an io-ts decoding in their order: each with its path, what was expected and what
 * came.
 *
 * `root` is the name of the whole (`body`), with which every path begins. A secret value is never
 * shown, nor is the value of a key in `hidden` (in lower case), nor a value that contains one. If
 * no branch of a union fits, the errors are those of the branch that came furthest; if none came
 * further than the others, there is one error, about the union.
 */
export const explain = (
  errors: t.Errors,
  root = '',
  hidden: ReadonlySet<string> = new Set(),
): ReadonlyArray<Detail> => {
  // A hostile body can have a million errors; the first of them say enough.
  const places = errors.slice(0, MAX_EXPLAINED).map(error => place(error, root, hidden))
  const deepest = new Map<string, number>()
  for (const { depths } of places)
    for (const [union, depth] of depths)
      deepest.set(union, Math.max(depth, deepest.get(union) ?? 0))
  const furthest = places.filter(({ depths }) =>
    depths.every(([union, depth]) => deepest.get(union) === depth),
  )
  return dedupe(furthest.map(({ detail }) => detail))
}

/**
 * Details as one readable sentence: `body.title: expected string, got 5; body.tags: expected
 * Array<string>, got nothing`.
 */
export const sentence = (details: ReadonlyArray<Detail>): string =>
  [
    ...details
      .slice(0, MAX_TOLD)
      .map(
        ({ path, expected, got }) =>
          `${path === '' ? '' : `${path}: `}expected ${expected}, got ${got}`,
      ),
    ...(details.length > MAX_TOLD ? [`and ${details.length - MAX_TOLD} more`] : []),
  ].join('; ')

/** A value for an error message: JSON of at most 80 characters, or `nothing` for `undefined`. */
export const show = (value: unknown): string => {
  const text = preview(value, MAX_SHOWN)
  return clipped(text, MAX_SHOWN)
}

/** The first 200 characters of a text from outside: messages that quote it are logged as well. */
export const clipped = (text: string, most = MAX_CLIPPED): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`

const MAX_EXPLAINED = 100
const MAX_TOLD = 8
const MAX_SHOWN = 80
const MAX_CLIPPED = 200

/**
 * The beginning of a value's JSON, at least `room` characters of it: a large value must not make
 * its error expensive.
 */
const preview = (value: unknown, room: number): string => {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN + 1))
  if (typeof value !== 'object' || value === null) return String(value)
  const isArray = Array.isArray(value)
  let text = isArray ? '[' : '{'
  // The keys of an array are not listed beforehand: it may have many.
  for (const key of isArray ? value.keys() : Object.keys(value)) {
    if (text.length > room) return text
    const label = typeof key === 'number' ? '' : `${JSON.stringify(key.slice(0, MAX_SHOWN + 1))}:`
    const member: unknown = value[key as keyof typeof value]
    text += `${text.length === 1 ? '' : ','}${label}${preview(member, room - text.length)}`
  }
  return text + (isArray ? ']' : '}')
}

interface Place {
  readonly detail: Detail
  /**
   * For every union on the way: where in the data it stands, and how far below it this error was
   * found.
   */
  readonly depths: ReadonlyArray<readonly [union: string, depth: number]>
}

const place = (error: t.ValidationError, root: string, hidden: ReadonlySet<string>): Place => {
  const keys: string[] = root === '' ? [] : [root]
  const unions: Array<readonly [string, number]> = []
  const places: t.ContextEntry[] = []
  let isBranch = false
  for (const entry of error.context) {
    // Below a union or an intersection the key is the number of a branch, not a place in the data.
    // What fails at the root of a branch is named as a whole: the union or the intersection.
    if (!isBranch) {
      if (places.length > 0 && entry.key !== '') keys.push(clipped(entry.key, MAX_SHOWN))
      places.push(entry)
    }
    const core = coreOf(shapeAt(entry))._tag
    if (core === 'Union') unions.push([`${keys.join('.')} ${entry.type.name}`, keys.length])
    isBranch = core === 'Union' || core === 'Intersection'
  }
  const isHidden = error.value !== undefined && isConcealed(error, places, hidden)
  return {
    detail: {
      path: clipped(keys.join('.')),
      expected: error.message ?? places.at(-1)?.type.name ?? 'something else',
      got: isHidden ? 'a value that is not shown' : show(error.value),
    },
    depths: unions.map(([name, depth]) => [name, keys.length - depth]),
  }
}

const dedupe = (details: ReadonlyArray<Detail>): ReadonlyArray<Detail> => {
  const seen = new Set<string>()
  return details.filter(({ path, expected }) => {
    const key = `${path} ${expected}`
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}
