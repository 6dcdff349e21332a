import test from 'ava'
import { PluginId, PluginMetadata, PluginRoute } from '../../lib/domain/metadata.js'
import fc, { runs } from '../support/properties.js'

const FITS = {
  id: 'my-Plugin-1',
  name: 'My Plugin',
  version: '1.0.0',
  icon: '🗒️',
  route: '/my-plugin',
}

test('metadata has an author or none, and may say more', t => {
  t.true(PluginMetadata.is(FITS))
  t.true(PluginMetadata.is({ ...FITS, author: 'é'.repeat(50), more: true }))
  t.deepEqual(
    [
      { author: 5 },
      { author: 'é'.repeat(51) },
      { name: '' },
      { name: 'é'.repeat(51) },
      { version: 1 },
      { icon: null },
    ].filter(wrong => PluginMetadata.is({ ...FITS, ...wrong })),
    [],
  )
})

test('a name or an author fits if it has at most 100 bytes of UTF-8', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), name => {
      t.is(PluginMetadata.is({ ...FITS, name, author: name }), Buffer.byteLength(name) <= 100)
    }),
    runs(500),
  )
})

test('an id has the characters A-Z a-z 0-9 and - only', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 5 }), id =>
      t.is(PluginId.is(id), id !== '' && !/[^A-Za-z0-9-]/.test(id)),
    ),
  )
})

test('a route is one segment, in any script', t => {
  const good = ['/a', '/my-plugin', '/é', '/🗒️', '/a.b', '/a:b', '/%20', '/*']
  const bad = [
    '',
    '/',
    'a',
    '//',
    '/a/',
    '/a/b',
    '/..',
    '/a..',
    '/ ',
    '/a b',
    '/a\u00a0',
    '/a?',
    '/a#',
    '/\\',
    '/\u007f',
    '/a\n',
    5,
    null,
  ]
  t.deepEqual([...good, ...bad].filter(PluginRoute.is), good)
})
