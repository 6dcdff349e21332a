import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { HttpMethod } from '../domain/http.js'
import { invalidRequest, type PluginError } from '../domain/plugin-error.js'
import { decodeSegments, type Segment, segmentsOf } from '../reflect/route-path.js'

/** What a router needs to know of a route; `A` is what it finds. */
export interface Routable<A> {
  readonly method: HttpMethod
  readonly segments: ReadonlyArray<Segment>
  readonly target: A
}

/** The route for a method and a path, with the values of the path's parameters. */
export interface Found<A> {
  readonly _tag: 'Found'
  readonly target: A
  readonly params: Readonly<Record<string, string>>
  readonly path: string
}

/**
 * There is a route for the path, but not for the method. `allow` has the methods that there are,
 * with HEAD and OPTIONS.
 */
export interface MethodMissing {
  readonly _tag: 'MethodMissing'
  readonly allow: ReadonlyArray<string>
  readonly path: string
}

/** What a router finds for a method and a path. */
export type Resolution<A> =
  | Found<A>
  | MethodMissing
  | { readonly _tag: 'Missing'; readonly path: string }

/**
 * Finds the route for a method and a path without its query string. If `decoded` says that the path
 * has been percent-decoded, it matches literally. Otherwise each segment is decoded once, so that
 * `%2F` is a slash in a value and not a separator.
 *
 * If no route matches, and the path begins with the plugin's own route, the rest of the path is
 * tried (docs/protocol.md#messages).
 */
export type Router<A> = (
  method: string,
  path: string,
  decoded: boolean,
) => Either<PluginError, Resolution<A>>

/** The longest path that is matched, in UTF-16 units. */
const MAX_PATH = 65_536

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({})

/**
 * A router for fixed routes. Segment by segment, a text is preferred to a parameter and a parameter
 * to `*`; a route that lacks the method does not hide one that has it. The work for a path depends
 * on the number of routes, and not on the path.
 */
export const makeRouter = <A>(ownRoute: string, routes: ReadonlyArray<Routable<A>>): Router<A> => {
  const root = treeOf(routes)
  const texts = textPaths(routes)
  const ownSegment = ownRoute.slice(1)
  return (method, path, decoded) => {
    // Most routes are plain text. One lookup finds them.
    const leaf = texts.get(path)
    const route = leaf === undefined ? undefined : routeFor(leaf, method)
    if (route !== undefined)
      return E.right({ _tag: 'Found', target: route.target, params: NO_PARAMS, path })
    if (path.length > MAX_PATH)
      return E.left(
        invalidRequest(`the path is longer than ${MAX_PATH} characters`, { status: 414 }),
      )
    const absolute = path.startsWith('/') ? path : `/${path}`
    const raw = segmentsOf(absolute)
    return pipe(
      decoded || !absolute.includes('%') ? E.right(raw) : decodeSegments(raw),
      E.map(segments => resolve(root, ownSegment, method, absolute, segments)),
    )
  }
}

/** Tries a path as it came, and then without the plugin's own route. */
const resolve = <A>(
  root: Node<A>,
  ownSegment: string,
  method: string,
  path: string,
  segments: ReadonlyArray<string>,
): Resolution<A> => {
  const asItCame = match(root, method, path, segments)
  if (asItCame._tag === 'Found' || segments[0] !== ownSegment) return asItCame
  const without = match(root, method, withoutFirst(path), segments.slice(1))
  if (without._tag === 'Found' || asItCame._tag === 'Missing') return without
  return without._tag === 'Missing'
    ? asItCame
    : { ...asItCame, allow: allowOf([...asItCame.allow, ...without.allow]) }
}

const match = <A>(
  root: Node<A>,
  method: string,
  path: string,
  segments: ReadonlyArray<string>,
): Resolution<A> => {
  const methods: string[] = []
  for (const { leaf, values, rest } of matches(root, segments, 0, [])) {
    const route = routeFor(leaf, method)
    if (route !== undefined) {
      const all = rest === undefined ? values : [...values, segments.slice(rest).join('/')]
      return { _tag: 'Found', target: route.target, params: paramsOf(route, all), path }
    }
    methods.push(...leaf.keys())
  }
  return methods.length === 0
    ? { _tag: 'Missing', path }
    : { _tag: 'MethodMissing', allow: allowOf(methods), path }
}

/** A path without its first segment, still beginning with a slash. */
const withoutFirst = (path: string): string => {
  const end = path.indexOf('/', 1)
  return end === -1 ? '/' : path.slice(end)
}

type Leaf<A> = Map<string, Routable<A>>

interface Node<A> {
  readonly texts: Map<string, Node<A>>
  param: Node<A> | undefined
  readonly here: Leaf<A>
  readonly rest: Leaf<A>
}

const emptyNode = <A>(): Node<A> => ({
  texts: new Map(),
  param: undefined,
  here: new Map(),
  rest: new Map(),
})

const treeOf = <A>(routes: ReadonlyArray<Routable<A>>): Node<A> => {
  const root = emptyNode<A>()
  for (const route of routes) insert(root, route)
  return root
}

const insert = <A>(root: Node<A>, route: Routable<A>): void => {
  let node = root
  for (const segment of route.segments) {
    if (segment._tag === 'Rest') {
      node.rest.set(route.method, route)
      return
    }
    if (segment._tag === 'Param') {
      node.param ??= emptyNode()
      node = node.param
    } else {
      const next = node.texts.get(segment.text) ?? emptyNode<A>()
      node.texts.set(segment.text, next)
      node = next
    }
  }
  node.here.set(route.method, route)
}

interface Match<A> {
  readonly leaf: Leaf<A>
  readonly values: ReadonlyArray<string>
  /**
   * The index at which the rest of the path begins, for a `*`. The rest is joined only for the
   * route that is chosen.
   */
  readonly rest: number | undefined
}

/** Every leaf that a path reaches, the most specific first. Each node is visited at most once. */
function* matches<A>(
  node: Node<A>,
  segments: ReadonlyArray<string>,
  depth: number,
  values: ReadonlyArray<string>,
): Generator<Match<A>> {
  const segment = segments[depth]
  if (segment === undefined) {
    if (node.here.size > 0) yield { leaf: node.here, values, rest: undefined }
  } else {
    const next = node.texts.get(segment)
    if (next !== undefined) yield* matches(next, segments, depth + 1, values)
    if (node.param !== undefined && segment !== '')
      yield* matches(node.param, segments, depth + 1, [...values, segment])
  }
  if (node.rest.size > 0) yield { leaf: node.rest, values, rest: depth }
}

/** The routes without parameters by their path, with and without a trailing slash. */
const textPaths = <A>(routes: ReadonlyArray<Routable<A>>): ReadonlyMap<string, Leaf<A>> => {
  const byPath = new Map<string, Leaf<A>>()
  for (const route of routes) {
    const texts = route.segments.flatMap(segment => (segment._tag === 'Text' ? [segment.text] : []))
    if (texts.length !== route.segments.length) continue
    const path = `/${texts.join('/')}`
    const leaf: Leaf<A> = byPath.get(path) ?? new Map()
    leaf.set(route.method, route)
    byPath.set(path, leaf)
    if (path !== '/') byPath.set(`${path}/`, leaf)
  }
  return byPath
}

const routeFor = <A>(leaf: Leaf<A>, method: string): Routable<A> | undefined =>
  leaf.get(method) ?? (method === 'HEAD' ? leaf.get('GET') : undefined)

const paramsOf = <A>(
  route: Routable<A>,
  values: ReadonlyArray<string>,
): Readonly<Record<string, string>> => {
  const params: Record<string, string> = {}
  let at = 0
  for (const segment of route.segments) {
    if (segment._tag === 'Text') continue
    params[segment._tag === 'Param' ? segment.name : '*'] = values[at++] ?? ''
  }
  return params
}

const allowOf = (methods: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort()
