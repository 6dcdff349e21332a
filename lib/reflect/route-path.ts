import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { invalidRequest, type PluginError } from '../domain/plugin-error.js'

/**
 * A segment of a route's path: a text to match literally, a parameter, or a last `*` for the rest
 * of the path.
 */
export type Segment =
  | { readonly _tag: 'Text'; readonly text: string }
  | { readonly _tag: 'Param'; readonly name: string }
  | { readonly _tag: 'Rest' }

/**
 * Parses the path of a route decorator, or says what is wrong with it. A trailing slash is ignored.
 */
export const parsePattern = (path: unknown): Either<string, ReadonlyArray<Segment>> => {
  if (typeof path !== 'string') return E.left('a path is a text')
  if (!path.startsWith('/')) return E.left('a path begins with "/"')
  if (/[?#]/.test(path))
    return E.left('a path holds no "?" and no "#": declare the query with a codec')
  if (/[\s\p{Cc}\\]/u.test(path))
    return E.left('a path holds no blanks, control characters or backslashes')
  const parts = segmentsOf(path)
  const wrong = parts
    .map((part, index) => segmentProblem(part, index === parts.length - 1))
    .find(problem => problem !== undefined)
  if (wrong !== undefined) return E.left(wrong)
  const segments = parts.map(toSegment)
  const names = segments.flatMap(segment => (segment._tag === 'Param' ? [segment.name] : []))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined
    ? E.right(segments)
    : E.left(`the parameter ":${twice}" stands twice in the path`)
}

/**
 * The segments of a path, still encoded: `/a/b` and `/a/b/` are `a`, `b`; `/` is none, `//` an
 * empty one.
 */
export const segmentsOf = (path: string): ReadonlyArray<string> => {
  const whole = path.endsWith('/') ? path.slice(1, -1) : path.slice(1)
  return path.length <= 1 ? [] : whole.split('/')
}

/** Percent-decodes each segment. A wrong escape is an error of the client. */
export const decodeSegments = (
  segments: ReadonlyArray<string>,
): Either<PluginError, ReadonlyArray<string>> => {
  try {
    return E.right(
      segments.map(segment => (segment.includes('%') ? decodeURIComponent(segment) : segment)),
    )
  } catch {
    return E.left(
      invalidRequest(
        'the path has a "%" that is not followed by two hexadecimal digits of UTF-8 text; write "%25" for a percent sign',
      ),
    )
  }
}

/**
 * The path without the names of its parameters: two paths of the same shape match the same
 * requests.
 */
export const shapeOfPath = (segments: ReadonlyArray<Segment>): string =>
  `/${segments.map(segment => (segment._tag === 'Text' ? segment.text : segment._tag === 'Param' ? ':' : '*')).join('/')}`

/** The names of a path's parameters; `*` for the rest. */
export const namesOf = (segments: ReadonlyArray<Segment>): ReadonlyArray<string> =>
  segments.flatMap(segment =>
    segment._tag === 'Param' ? [segment.name] : segment._tag === 'Rest' ? ['*'] : [],
  )

const NAME = /^:[A-Za-z_][A-Za-z0-9_-]*$/

const segmentProblem = (part: string, isLast: boolean): string | undefined => {
  if (part === '') return 'a path has no empty segments ("//")'
  if (part === '.' || part === '..') return `a path has no "${part}"`
  if (part === '*')
    return isLast
      ? undefined
      : '"*" stands for the rest of the path, so it must be the last segment'
  if (part.includes('*')) return `"*" must be a segment of its own, not "${part}"`
  if (part.startsWith(':'))
    return NAME.test(part) && part !== ':__proto__'
      ? undefined
      : `"${part}" is not a parameter: write ":name" with letters, digits, _ and -`
  if (part.includes(':')) return `a parameter must be a segment of its own, not "${part}"`
  return part.includes('%') ? `write the path as text, not percent-encoded: "${part}"` : undefined
}

const toSegment = (part: string): Segment =>
  part === '*'
    ? { _tag: 'Rest' }
    : part.startsWith(':')
      ? { _tag: 'Param', name: part.slice(1) }
      : { _tag: 'Text', text: part }
