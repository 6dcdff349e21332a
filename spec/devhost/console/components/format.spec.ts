import test from 'ava'
import {
  bytes,
  duration,
  milliseconds,
  timeOfDay,
} from '../../../../lib/devhost/console/components/format.js'

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
  t.deepEqual([-5, 999, 8_000, 192_000, 7_500_000, 86_400_000, 90_000_000].map(duration), [
    '0 s',
    '0 s',
    '8 s',
    '3 min 12 s',
    '2 h 5 min',
    '1 d',
    '1 d 1 h',
  ])
  t.regex(timeOfDay('2026-01-31T12:34:56.007Z'), /^\d\d:\d\d:56\.007$/)
  t.is(timeOfDay('yesterday'), 'yesterday')
})
