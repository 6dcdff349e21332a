import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { makeRouter, type Router } from '../../lib/dispatch/router.js'
import type { HttpMethod } from '../../lib/domain/http.js'
import { parsePattern } from '../../lib/reflect/route-path.js'

/** A router of `GET /path` texts, each of which is its own target. */
const routerOf = (...routes: ReadonlyArray<`${HttpMethod} ${string}`>): Router<string> =>
  makeRouter(
    '/notes',
    routes.map(target => {
      const [method, path = ''] = target.split(' ')
      const pattern = parsePattern(path)
      if (E.isLeft(pattern)) throw new Error(pattern.left)
      return { method: method as HttpMethod, segments: pattern.right, target }
    }),
  )

const found = (target: string, path: string, params: Record<string, string> = {}) =>
  E.right({ _tag: 'Found', target, params, path })
const missing = (path: string) => E.right({ _tag: 'Missing', path })
const methodMissing = (path: string, ...allow: string[]) =>
  E.right({ _tag: 'MethodMissing', allow, path })

test('a text is preferred to a parameter, and a parameter to the rest of the path', t => {
  const find = routerOf('GET /*', 'GET /:a', 'GET /new', 'GET /:a/x', 'GET /new/*')
  t.deepEqual(find('GET', '/new', true), found('GET /new', '/new'))
  t.deepEqual(find('GET', '/old', true), found('GET /:a', '/old', { a: 'old' }))
  t.deepEqual(find('GET', '/new/x', true), found('GET /new/*', '/new/x', { '*': 'x' }))
  t.deepEqual(find('GET', '/old/x', true), found('GET /:a/x', '/old/x', { a: 'old' }))
  t.deepEqual(find('GET', '/old/y', true), found('GET /*', '/old/y', { '*': 'old/y' }))
})

test('a route that lacks the method does not hide one that has it', t => {
  const find = routerOf('GET /items/new', 'POST /items/:id', 'PUT /*')
  t.deepEqual(
    find('POST', '/items/new', true),
    found('POST /items/:id', '/items/new', { id: 'new' }),
  )
  t.deepEqual(find('PUT', '/items/new', true), found('PUT /*', '/items/new', { '*': 'items/new' }))
  t.deepEqual(
    find('DELETE', '/items/new', true),
    methodMissing('/items/new', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'),
  )
})

test('a dead end goes back to the next best way', t => {
  const find = routerOf('GET /a/b/c', 'GET /a/:x/d', 'GET /:y/b/e')
  t.deepEqual(find('GET', '/a/b/c', true), found('GET /a/b/c', '/a/b/c'))
  t.deepEqual(find('GET', '/a/b/d', true), found('GET /a/:x/d', '/a/b/d', { x: 'b' }))
  t.deepEqual(find('GET', '/a/b/e', true), found('GET /:y/b/e', '/a/b/e', { y: 'a' }))
  t.deepEqual(find('GET', '/a/b/f', true), missing('/a/b/f'))
})

test('two routes may call the parameter of one place differently', t => {
  const find = routerOf('GET /:id', 'PUT /:name', 'GET /:owner/x')
  t.deepEqual(find('GET', '/5', true), found('GET /:id', '/5', { id: '5' }))
  t.deepEqual(find('PUT', '/5', true), found('PUT /:name', '/5', { name: '5' }))
  t.deepEqual(find('GET', '/5/x', true), found('GET /:owner/x', '/5/x', { owner: '5' }))
})

test('one slash at the end is ignored, two are not', t => {
  const find = routerOf('GET /', 'GET /a', 'GET /p/:id')
  t.deepEqual(find('GET', '/', true), found('GET /', '/'))
  t.deepEqual(find('GET', '/a/', true), found('GET /a', '/a/'))
  t.deepEqual(find('GET', '/p/5/', true), found('GET /p/:id', '/p/5/', { id: '5' }))
  t.deepEqual(find('GET', '/p/', true), missing('/p/'))
  for (const path of ['//', '/a//', '//a', '/p//', '/p//5'])
    t.deepEqual(find('GET', path, true), missing(path), path)
})

test('a path that does not begin with a slash gets one', t => {
  const find = routerOf('GET /', 'GET /a', 'GET /:id/x')
  t.deepEqual(find('GET', '', true), found('GET /', '/'))
  t.deepEqual(find('GET', 'a', true), found('GET /a', '/a'))
  t.deepEqual(find('GET', 'b/x', true), found('GET /:id/x', '/b/x', { id: 'b' }))
})

test('the rest of a path may be nothing, and keeps its slashes', t => {
  const find = routerOf('GET /files/*')
  t.deepEqual(find('GET', '/files', true), found('GET /files/*', '/files', { '*': '' }))
  t.deepEqual(
    find('GET', '/files/a/b.txt', true),
    found('GET /files/*', '/files/a/b.txt', { '*': 'a/b.txt' }),
  )
  t.deepEqual(find('GET', '/files//a', true), found('GET /files/*', '/files//a', { '*': '/a' }))
})

test('HEAD is answered by GET, unless a route of its own does', t => {
  const find = routerOf('GET /a', 'GET /b', 'HEAD /b', 'POST /c')
  t.deepEqual(find('HEAD', '/a', true), found('GET /a', '/a'))
  t.deepEqual(find('HEAD', '/b', true), found('HEAD /b', '/b'))
  t.deepEqual(find('HEAD', '/c', true), methodMissing('/c', 'OPTIONS', 'POST'))
  t.deepEqual(find('get', '/a', true), methodMissing('/a', 'GET', 'HEAD', 'OPTIONS'))
})

test("if no route matches, the path is tried without the plugin's own route", t => {
  const find = routerOf('GET /', 'GET /data', 'GET /notes/kept', 'PUT /:id')
  t.deepEqual(find('GET', '/notes', true), found('GET /', '/'))
  t.deepEqual(find('GET', '/notes/', true), found('GET /', '/'))
  t.deepEqual(find('GET', '/notes/data', true), found('GET /data', '/data'))
  t.deepEqual(find('GET', '/notes/kept', true), found('GET /notes/kept', '/notes/kept'))
  t.deepEqual(find('PUT', '/notes', true), found('PUT /:id', '/notes', { id: 'notes' }))
  t.deepEqual(find('GET', '/notes/notes/data', true), missing('/notes/data'))
  t.deepEqual(find('GET', '/notesdata', true), methodMissing('/notesdata', 'OPTIONS', 'PUT'))
  t.deepEqual(find('GET', '/notes//', true), missing('//'))
})

test('404 and 405 come only after the path was tried in both ways, and Allow has the methods of both', t => {
  const find = routerOf('GET /', 'POST /data', 'PUT /notes', 'DELETE /:a/data')
  t.deepEqual(
    find('PATCH', '/notes', true),
    methodMissing('/notes', 'GET', 'HEAD', 'OPTIONS', 'PUT'),
  )
  t.deepEqual(
    find('PATCH', '/notes/data', true),
    methodMissing('/notes/data', 'DELETE', 'OPTIONS', 'POST'),
  )
  t.deepEqual(find('PATCH', '/notes/none', true), missing('/none'))
  t.deepEqual(find('PATCH', '/data', true), methodMissing('/data', 'OPTIONS', 'POST'))
})

test('a path that is decoded already matches literally', t => {
  const find = routerOf('GET /:id', 'GET /a/:b')
  for (const id of ['100%', 'a b', '%41', '%2F', '%zz', 'a+b', 'é', '%']) {
    t.deepEqual(find('GET', `/${id}`, true), found('GET /:id', `/${id}`, { id }), id)
  }
  t.deepEqual(find('GET', '/a/b%2Fc', true), found('GET /a/:b', '/a/b%2Fc', { b: 'b%2Fc' }))
})

test('in other dialects each segment is decoded once', t => {
  const find = routerOf('GET /:id', 'GET /:x/:y', 'GET /é')
  t.deepEqual(find('GET', '/a%2Fb', false), found('GET /:id', '/a%2Fb', { id: 'a/b' }))
  t.deepEqual(find('GET', '/%2541', false), found('GET /:id', '/%2541', { id: '%41' }))
  t.deepEqual(find('GET', '/100%25', false), found('GET /:id', '/100%25', { id: '100%' }))
  t.deepEqual(find('GET', '/a+b', false), found('GET /:id', '/a+b', { id: 'a+b' }))
  t.deepEqual(find('GET', '/%C3%A9', false), found('GET /é', '/%C3%A9'))
  t.deepEqual(
    find('GET', '/a/b%3Fc%23', false),
    found('GET /:x/:y', '/a/b%3Fc%23', { x: 'a', y: 'b?c#' }),
  )
  t.deepEqual(
    find('GET', '/%6Eotes/%2e', false),
    found('GET /:x/:y', '/%6Eotes/%2e', { x: 'notes', y: '.' }),
  )
})
