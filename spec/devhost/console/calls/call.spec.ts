import test from 'ava'
import {
  blankCall,
  type Call,
  exampleText,
  requestOf,
  takesBody,
} from '../../../../lib/devhost/console/calls/call.js'
import type { RouteDescription } from '../../../../lib/domain/plugin-description.js'

const codec = (schema: Readonly<Record<string, unknown>> | null) => ({ name: 'C', schema })
const route = (change: Partial<RouteDescription> = {}): RouteDescription => ({
  method: 'GET',
  path: '/:id/files/*',
  handler: 'Notes.read',
  params: ['id', '*'],
  codecs: {},
  ...change,
})
const call = (change: Partial<Call> = {}): Call => ({
  ...blankCall(route()),
  params: { id: 'a/b c', '*': 'x/ü' },
  ...change,
})

test('a form begins with the names that the codecs know and an example of the body', t => {
  const query = codec({
    allOf: [{ type: 'object', properties: { q: {} } }, { properties: { tag: {} } }],
  })
  const body = codec({ type: 'object', properties: { title: { type: 'string' } } })
  const blank = blankCall(
    route({
      method: 'POST',
      codecs: { query, body, headers: codec({ properties: { 'x-key': {} } }) },
    }),
  )
  t.deepEqual(blank, {
    method: 'POST',
    route: '/:id/files/*',
    params: { id: '', '*': '' },
    query: [
      ['q', ''],
      ['tag', ''],
    ],
    headers: [['x-key', '']],
    body: '{\n  "title": "text"\n}',
  })
  t.is(exampleText(codec(null)), '')
  t.deepEqual(
    ['GET', 'HEAD', 'POST', 'DELETE'].map(method => takesBody(route({ method }))),
    [false, false, true, false],
  )
  t.true(takesBody(route({ method: 'DELETE', codecs: { body } })))
})

test('a request has its path encoded, its query, and only the headers that count', t => {
  const made = requestOf(
    call({
      method: 'POST',
      query: [
        ['tag', 'a&b'],
        ['tag', 'c'],
        ['q', ''],
      ],
      headers: [
        ['x-key', '1'],
        ['', 'lost'],
      ],
      body: '{}',
    }),
  )
  t.deepEqual(made, {
    request: {
      method: 'POST',
      path: '/a%2Fb%20c/files/x/%C3%BC?tag=a%26b&tag=c',
      headers: [
        ['content-type', 'application/json'],
        ['x-key', '1'],
      ],
      body: '{}',
    },
  })
})

test('what cannot be sent says why', t => {
  t.deepEqual(requestOf(call({ params: { id: '', '*': '' } })), {
    problem: 'id is empty: the path needs it',
  })
  t.deepEqual(requestOf(call({ params: { id: '..', '*': '' } })), {
    problem: 'a browser cannot send "." or ".." as a segment',
  })
})
