import type * as t from 'io-ts'
import type { Detail } from '../domain/plugin-error.js'
import { clipped, MAX_SHOWN, show } from '../domain/text/show.js'
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

const MAX_EXPLAINED = 100
const MAX_TOLD = 8

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
      expected:
        error.message === undefined
          ? clipped(places.at(-1)?.type.name ?? 'something else', MAX_SHOWN)
          : clipped(error.message),
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
