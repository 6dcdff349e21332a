import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { makeRouter, type Resolution, type Routable } from '../../lib/dispatch/router.js'
import { parsePattern, type Segment, shapeOfPath } from '../../lib/reflect/route-path.js'
import fc, { runs } from '../support/properties.js'

type Route = Routable<string>

const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS'] as const
const WORDS = ['a', 'b', 'notes', '__proto__', 'constructor', 'é', 'a.b', '..a'] as const

const pattern = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.constant(':')), { maxLength: 5 }),
    fc.boolean(),
  )
  .map(
    ([parts, rest]) =>
      `/${[...parts.map((part, index) => (part === ':' ? `:p${index}` : part)), ...(rest ? ['*'] : [])].join('/')}`,
  )

const table: fc.Arbitrary<ReadonlyArray<Route>> = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...METHODS), pattern).map(([method, path]): Route => {
    const parsed = parsePattern(path)
    return { method, segments: E.isRight(parsed) ? parsed.right : [], target: `${method} ${path}` }
  }),
  { maxLength: 15, selector: ({ method, segments }) => `${method} ${shapeOfPath(segments)}` },
)

// The rules once more, written down without a thought for speed: every route is trySqlite, and the
// best of those that fit is taken.

const paramsOf = (
  segments: ReadonlyArray<Segment>,
  parts: ReadonlyArray<string>,
): Record<string, string> | undefined => {
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    if (segment._tag === 'Rest') return { ...params, '*': parts.slice(index).join('/') }
    const part = parts[index]
    if (part === undefined || (segment._tag === 'Text' ? part !== segment.text : part === ''))
      return undefined
    if (segment._tag === 'Param') params[segment.name] = part
  }
  return parts.length === segments.length ? params : undefined
}

const rank = (segments: ReadonlyArray<Segment>): string =>
  segments.map(({ _tag }) => ['Text', 'Param', 'Rest'].indexOf(_tag)).join('')

const attempt = (
  routes: ReadonlyArray<Route>,
  method: string,
  path: string,
  parts: ReadonlyArray<string>,
): Resolution<string> => {
  const fitting = routes.flatMap(route => {
    const params = paramsOf(route.segments, parts)
    return params === undefined ? [] : [{ ...route, params, rank: rank(route.segments) }]
  })
  const ofMethod = fitting.filter(
    route => route.method === method || (method === 'HEAD' && route.method === 'GET'),
  )
  // The most specific first; of two of the same rank that of the very method.
  const [best] = ofMethod.sort(
    (x, y) => compare(x.rank, y.rank) || Number(y.method === method) - Number(x.method === method),
  )
  if (best !== undefined) return { _tag: 'Found', target: best.target, params: best.params, path }
  const allow: Set<string> = new Set(fitting.map(route => route.method))
  if (allow.has('GET')) allow.add('HEAD')
  return allow.size === 0
    ? { _tag: 'Missing', path }
    : { _tag: 'MethodMissing', allow: [...allow.add('OPTIONS')].sort(), path }
}

const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0)

const naive = (
  routes: ReadonlyArray<Route>,
  method: string,
  path: string,
  parts: ReadonlyArray<string>,
): Resolution<string> => {
  const whole = attempt(routes, method, path, parts)
  if (whole._tag === 'Found' || parts[0] !== 'notes') return whole
  const second = path.indexOf('/', 1)
  const without = attempt(routes, method, second === -1 ? '/' : path.slice(second), parts.slice(1))
  if (without._tag === 'Found' || whole._tag === 'Missing') return without
  return without._tag === 'Missing'
    ? whole
    : { ...whole, allow: [...new Set([...whole.allow, ...without.allow])].sort() }
}

const partsOf = (path: string): ReadonlyArray<string> =>
  path === '/' ? [] : path.replace(/\/$/, '').slice(1).split('/')

/** What a hostile path is made of. */
const PIECES = [
  '/',
  '/',
  '/',
  'a',
  'b',
  'notes',
  '%2F',
  '%2f',
  '%2e',
  '..',
  '.',
  '\\',
  '%5c',
  '%00',
  '\u0000',
  '__proto__',
  '%',
  '%25',
  ';',
  '*',
  ':p0',
]

const hostilePath = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 14 })
  .map(pieces => `/${pieces.join('')}`)
const likelyPath = fc
  .array(fc.constantFrom(...WORDS, 'x', ''), { maxLength: 6 })
  .map(parts => `/${parts.join('/')}`)
const method = fc.constantFrom(...METHODS, 'DELETE', '__proto__', 'get')

/** The same route and the same values, whatever the prototypes. */
const plain = (resolution: unknown): string => JSON.stringify(resolution)

test('a path that is decoded already finds what a naive matcher finds', t => {
  fc.assert(
    fc.property(table, method, fc.oneof(hostilePath, likelyPath), (routes, verb, path) => {
      t.is(
        plain(makeRouter('/notes', routes)(verb, path, true)),
        plain(E.right(naive(routes, verb, path, partsOf(path)))),
      )
    }),
    runs(300),
  )
})

test('a path that is not finds the same for its segments, each decoded once, or is an error of the client', t => {
  fc.assert(
    fc.property(table, method, fc.oneof(hostilePath, likelyPath), (routes, verb, path) => {
      const found = makeRouter('/notes', routes)(verb, path, false)
      const decoded = E.tryCatch(() => partsOf(path).map(decodeURIComponent), String)
      if (E.isLeft(decoded))
        t.is(E.isLeft(found) && found.left._tag === 'InvalidRequest' && found.left.status, 400)
      else t.is(plain(found), plain(E.right(naive(routes, verb, path, decoded.right))))
    }),
    runs(300),
  )
})

test('any values go into a path and come out of it as they were', t => {
  const router = makeRouter('/notes', [
    {
      method: 'GET',
      segments: [
        { _tag: 'Text', text: 'x' },
        { _tag: 'Param', name: 'p' },
        { _tag: 'Param', name: 'q' },
      ],
      target: 'x',
    },
  ])
  const value = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
  const escaped = (text: string): string =>
    [...new TextEncoder().encode(text)]
      .map(byte => `%${byte.toString(16).padStart(2, '0')}`)
      .join('')
  fc.assert(
    fc.property(value, value, fc.boolean(), (p, q, all) => {
      const path = `/x/${all ? escaped(p) : encodeURIComponent(p)}/${escaped(q)}`
      t.is(
        plain(router('GET', path, false)),
        plain(E.right({ _tag: 'Found', target: 'x', params: { p, q }, path })),
      )
    }),
    runs(200),
  )
})
