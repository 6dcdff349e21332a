import test from 'ava'
import {
  bytes,
  clock,
  milliseconds,
  parsed,
  pretty,
  sign,
  span,
} from '../../../lib/devhost/console/components/format.js'
import { hashOf, type Place, placeFor, placeOf } from '../../../lib/devhost/console/layout/place.js'
import {
  inOneLog,
  levelOf,
  logPasses,
  passes,
} from '../../../lib/devhost/console/traffic/filter.js'
import { someEntry, someExchange } from './fake-host.js'

test('sizes, durations and times for people', t => {
  t.deepEqual([null, 0, 999, 1_200, 48_300_000, 2_500_000_000].map(bytes), [
    '–',
    '0 B',
    '999 B',
    '1.2 kB',
    '48 MB',
    '2.5 GB',
  ])
  t.deepEqual([null, 0.44, 12.6, 1_500, 90_000].map(milliseconds), [
    '–',
    '0.4 ms',
    '13 ms',
    '1.5 s',
    '1 min 30 s',
  ])
  t.deepEqual([-5, 999, 8_000, 192_000, 7_500_000, 86_400_000, 90_000_000].map(span), [
    '0 s',
    '0 s',
    '8 s',
    '3 min 12 s',
    '2 h 5 min',
    '1 d',
    '1 d 1 h',
  ])
  t.regex(clock('2026-01-31T12:34:56.007Z'), /^\d\d:\d\d:56\.007$/)
  t.is(clock('yesterday'), 'yesterday')
})

test('JSON is shown with its lines broken, and what would change by that as it is', t => {
  t.is(pretty('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}')
  t.is(pretty('no JSON {'), 'no JSON {')
  t.is(pretty('[12345678901234567890]'), '[12345678901234567890]')
  t.is(parsed('nope'), undefined)
})

test('a plugin is shown by its icon, or by its first letter', t => {
  t.deepEqual(
    [
      sign('🗒️', 'Notes'),
      sign('', 'notes'),
      sign('clipboard-list', 'notes'),
      sign('👩‍🔧', ''),
      sign('', ''),
    ],
    ['🗒️', 'N', 'N', '👩‍🔧', '?'],
  )
})

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

test('messages are found by plugin, kind, text and failure', t => {
  const all = [
    someExchange(1, { title: 'GET /Notes/1' }),
    someExchange(2, { status: 404 }),
    someExchange(3, { kind: 'kv', title: 'get theme', status: null, error: 'silent' }),
    someExchange(4, { plugin: 'other' }),
  ]
  const none = { plugin: null, kind: 'all', text: '', errorsOnly: false } as const
  const found = (filter: Parameters<typeof passes>[0]) =>
    all.filter(passes(filter)).map(({ n }) => n)
  t.deepEqual(found(none), [1, 2, 3, 4])
  t.deepEqual(found({ ...none, plugin: 'other' }), [4])
  t.deepEqual(found({ ...none, kind: 'kv' }), [3])
  t.deepEqual(found({ ...none, errorsOnly: true }), [2, 3])
  t.deepEqual(found({ ...none, text: ' notes/1 ' }), [1])
  t.deepEqual(found({ ...none, text: 'SILENT' }), [3])
  t.deepEqual(found({ ...none, text: '404' }), [2])
})

test('entries of a log are found by their least level and a text in message or error, and several logs are one by time', t => {
  const all = [
    someEntry(3),
    someEntry(2, { level: 'warn' }),
    someEntry(1, { level: 'Error', error: 'no Space left' }),
    someEntry(4, { level: 'Loud' }),
  ]
  t.deepEqual(all.map(levelOf), ['Info', 'Warn', 'Error', 'Info'])
  t.deepEqual(
    all.filter(logPasses('Warn', '')).map(({ n }) => n),
    [2, 1],
  )
  t.deepEqual(
    all.filter(logPasses('Trace', 'space')).map(({ n }) => n),
    [1],
  )
  t.deepEqual(
    inOneLog([all.slice(0, 1), all.slice(1)], 3).map(({ n }) => n),
    [2, 3, 4],
  )
})
