import test from 'ava'
import {
  hashOf,
  type Place,
  placeFor,
  placeOf,
} from '../../../../lib/devhost/console/layout/place.js'

test('each place has an address, and each address a place', t => {
  const places: ReadonlyArray<readonly [Place, string]> = [
    [{ plugin: null, tab: 'plugins' }, '#/'],
    [{ plugin: null, tab: 'traffic' }, '#/~/traffic'],
    [{ plugin: 'notes', tab: 'logs' }, '#/notes/logs'],
  ]
  for (const [place, hash] of places) {
    t.is(hashOf(place), hash)
    t.deepEqual(placeOf(hash), place)
  }
  t.deepEqual(
    ['', '#', '#/~', '#/~/nonsense'].map(placeOf),
    Array(4).fill({ plugin: null, tab: 'plugins' }),
  )
  t.deepEqual(placeOf('#/notes/nonsense'), { plugin: 'notes', tab: 'overview' })
  t.deepEqual(placeFor('other', { plugin: 'notes', tab: 'logs' }), { plugin: 'other', tab: 'logs' })
  t.deepEqual(placeFor('other', { plugin: null, tab: 'plugins' }), {
    plugin: 'other',
    tab: 'overview',
  })
})
