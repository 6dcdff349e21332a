import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { makeRouter } from '../../lib/dispatch/router.js'
import type { HttpMethod } from '../../lib/domain/http.js'
import { invalidRequest } from '../../lib/domain/plugin-error.js'
import {
  parsePattern,
  type Segment,
  segmentsOf,
  shapeOfPath,
} from '../../lib/reflect/route-path.js'
import fc, { runs } from '../support/properties.js'

const route = (method: HttpMethod, path: string) => {
  const pattern = parsePattern(path)
  if (E.isLeft(pattern)) throw new Error(pattern.left)
  return { method, segments: pattern.right, target: `${method} ${path}` }
}

const BAD_ESCAPE = E.left(
  invalidRequest(
    'the path has a "%" that is not followed by two hexadecimal digits of UTF-8 text; write "%25" for a percent sign',
  ),
)

test('a bad escape is an error of the client: cut off, not hexadecimal, overlong, a surrogate', t => {
  const find = makeRouter('/notes', [route('GET', '/:id'), route('GET', '/*')])
  for (const path of [
    '/%',
    '/%4',
    '/%zz',
    '/%C0%AF',
    '/%E0%80%AF',
    '/%C0%AE%C0%AE/x',
    '/%ED%A0%80',
    '/%FF',
    '/ok/%E9',
  ]) {
    t.deepEqual(find('GET', path, false), BAD_ESCAPE, path)
  }
})

const HOSTILE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '..',
  '.',
  '\u0000',
  '\\',
  '..\\..',
  ':id',
  '*',
  '',
]

test('no segment reaches another route, whatever it is called', t => {
  const find = makeRouter('/notes', [
    route('GET', '/a'),
    route('GET', '/items/:id'),
    route('GET', '/items/:id/x'),
  ])
  for (const segment of HOSTILE) {
    for (const path of [`/${segment}`, `/a/${segment}/x`, `/${segment}/a`, `/a/x/${segment}`]) {
      if (path !== '/' && path !== '/a/')
        t.deepEqual(find('GET', path, true), E.right({ _tag: 'Missing', path }), path)
    }
    const path = `/items/${segment}/x`
    const expected =
      segment === ''
        ? { _tag: 'Missing', path }
        : { _tag: 'Found', target: 'GET /items/:id/x', params: { id: segment }, path }
    t.deepEqual(find('GET', path, true), E.right(expected), path)
  }
})

test('what is hidden by percent-encoding stays a value', t => {
  const find = makeRouter('/notes', [route('GET', '/a'), route('GET', '/items/:id')])
  for (const [path, id] of [
    ['/items/%2e%2e', '..'],
    ['/items/%2e%2e%2fa', '../a'],
    ['/items/..%5ca', '..\\a'],
    ['/items/%00', '\u0000'],
    ['/items/%5F_proto__', '__proto__'],
  ] as const) {
    t.deepEqual(
      find('GET', path, false),
      E.right({ _tag: 'Found', target: 'GET /items/:id', params: { id }, path }),
      path,
    )
  }
  t.deepEqual(find('GET', '/items/../a', false), E.right({ _tag: 'Missing', path: '/items/../a' }))
})

test('a parameter may have the name of a property of every object', t => {
  const path = '/:constructor/:toString/:hasOwnProperty'
  const params = { constructor: '1', toString: '2', hasOwnProperty: '3' }
  t.deepEqual(
    makeRouter('/notes', [route('GET', path)])('GET', '/1/2/3', true),
    E.right({ _tag: 'Found', target: `GET ${path}`, params, path: '/1/2/3' }),
  )
  t.is(typeof {}.toString, 'function')
})

test('a path longer than 65,536 characters is refused', t => {
  const find = makeRouter('/notes', [route('GET', '/:id')])
  t.deepEqual(
    find('GET', `/${'a'.repeat(65_536)}`, true),
    E.left(invalidRequest('the path is longer than 65536 characters', { status: 414 })),
  )
  t.is(find('GET', `/${'a'.repeat(65_535)}`, true)._tag, 'Right')
})

test('a long path through a crowded table costs little', t => {
  const depths = Array.from({ length: 12 }, (_, depth) => depth)
  const find = makeRouter(
    '/notes',
    depths.flatMap(depth => [
      route('PUT', `${'/a'.repeat(depth)}/*`),
      route('GET', `${'/a'.repeat(depth)}/:b/*`),
    ]),
  )
  const begun = performance.now()
  for (let i = 0; i < 20; i++) t.is(find('POST', '/a'.repeat(30_000), true)._tag, 'Right')
  t.true(performance.now() - begun < 5000)
})

test('each part of the table is looked at once, however many parameters a path goes through in vain', t => {
  const depths = Array.from({ length: 40 }, (_, depth) => depth)
  const find = makeRouter('/notes', [
    route('GET', `/${depths.map(depth => `:p${depth}`).join('/')}/end`),
  ])
  // Twice at each would be for ever.
  const path = '/a'.repeat(41)
  t.deepEqual(find('GET', path, true), E.right({ _tag: 'Missing', path }))
})

// The same rules, written down without a thought for speed.

const METHODS = ['GET', 'POST', 'HEAD'] as const

/** Smaller is more specific: at each segment text 0, parameter 1, rest 2. */
const rank = (segments: ReadonlyArray<Segment>): string =>
  [...segments.map(({ _tag }) => (_tag === 'Text' ? '0' : _tag === 'Param' ? '1' : '2'))].join('')

const matchOf = (
  segments: ReadonlyArray<Segment>,
  parts: ReadonlyArray<string>,
): Record<string, string> | undefined => {
  const rest = segments.at(-1)?._tag === 'Rest'
  if (rest ? parts.length < segments.length - 1 : parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? ''
    if (segment._tag === 'Rest') params['*'] = parts.slice(index).join('/')
    else if (segment._tag === 'Param' && part !== '') params[segment.name] = part
    else if (segment._tag !== 'Text' || segment.text !== part) return undefined
  }
  return params
}

const naive = (
  routes: ReadonlyArray<ReturnType<typeof route>>,
  method: string,
  path: string,
): unknown => {
  const matching = routes
    .flatMap(({ segments, ...given }) => {
      const params = matchOf(segments, segmentsOf(path))
      return params === undefined ? [] : [{ ...given, params, rank: rank(segments) }]
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
  const best = matching.find(
    candidate =>
      candidate.method === method ||
      (method === 'HEAD' &&
        candidate.method === 'GET' &&
        !matching.some(other => other.rank === candidate.rank && other.method === 'HEAD')),
  )
  if (best !== undefined) return { _tag: 'Found', target: best.target, params: best.params, path }
  if (matching.length === 0) return { _tag: 'Missing', path }
  const methods = matching.map(candidate => candidate.method)
  return {
    _tag: 'MethodMissing',
    allow: [
      ...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']),
    ].sort(),
    path,
  }
}

const segment = fc.constantFrom('a', 'b', ':p')
const pattern = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
  .map(
    ([parts, rest]) =>
      `/${[...parts.map((part, index) => (part === ':p' ? `:p${index}` : part)), ...(rest ? ['*'] : [])].join('/')}`,
  )
const table = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...METHODS), pattern).map(([method, path]) => route(method, path)),
  { maxLength: 12, selector: ({ method, segments }) => `${method} ${shapeOfPath(segments)}` },
)
const path = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 5 }), fc.boolean())
  .map(([parts, slash]) => `/${parts.join('/')}${slash ? '/' : ''}`)

test('any table of routes finds what a naive matcher finds', t => {
  fc.assert(
    fc.property(table, fc.constantFrom(...METHODS), path, (routes, method, given) => {
      t.deepEqual(
        makeRouter('/notes', routes)(method, given, true),
        E.right(naive(routes, method, given)),
      )
    }),
    runs(2000),
  )
})

test('any text is a value that comes back as it went', t => {
  const find = makeRouter('/notes', [route('GET', '/items/:id')])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), id => {
      const encoded = `/items/${encodeURIComponent(id)}`
      t.deepEqual(
        find('GET', encoded, false),
        E.right({ _tag: 'Found', target: 'GET /items/:id', params: { id }, path: encoded }),
      )
    }),
    runs(500),
  )
})
