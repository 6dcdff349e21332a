import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { metadataIn, unreachable } from '../../lib/plugin-process/metadata.js'

const good = { id: 'good', name: 'Good', version: '1', icon: '', route: '/good' }

test('metadata by the rules of the host', t => {
  const isGood = (change: object): boolean => E.isRight(metadataIn({ ...good, ...change }))
  t.true(isGood({ author: 'x'.repeat(100), name: 'é'.repeat(50), more: 1 }))
  t.true(isGood({ author: null, name: '' }))
  t.true(isGood({ route: '/a/b' }))
  for (const change of [
    { id: '' },
    { id: 'a_b' },
    { name: 'é'.repeat(51) },
    { author: 'x'.repeat(101) },
    { author: 5 },
    { route: 'a' },
    { route: '/a..b' },
    { version: 1 },
    { icon: undefined },
  ])
    t.false(isGood(change), JSON.stringify(change))
  t.is(unreachable(good), undefined)
  for (const route of ['/', '/a/b', '/a/', '/a?b'])
    t.regex(unreachable({ ...good, route }) ?? '', /nothing will reach it/)
})
