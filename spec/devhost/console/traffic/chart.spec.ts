import test from 'ava'
import {
  axisEnd,
  lastMinute,
  linePath,
  percentile,
  summary,
} from '../../../../lib/devhost/console/traffic/chart.js'
import { someExchange } from '../fake-host.js'

const NOW = 1_800_000_000_500

test('the last minute by seconds, without lifecycle messages and what is older', t => {
  const seconds = lastMinute(
    [
      someExchange(1, { at: NOW - 60_000 }),
      someExchange(2, { at: NOW - 59_000, took: 8 }),
      someExchange(3, { at: NOW, took: 1 }),
      someExchange(4, { at: NOW - 400, took: 3, status: 404 }),
      someExchange(5, { at: NOW, kind: 'kv', status: null, took: null, error: 'no answer' }),
      someExchange(6, { at: NOW, kind: 'lifecycle', status: null }),
    ],
    NOW,
  )
  t.is(seconds.length, 60)
  t.deepEqual(seconds[0], { count: 1, failed: 0, p50: 8, p95: 8 })
  t.deepEqual(seconds[30], { count: 0, failed: 0, p50: null, p95: null })
  t.deepEqual(seconds[59], { count: 3, failed: 2, p50: 1, p95: 3 })
})

test('percentiles by nearest rank', t => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
  t.deepEqual(
    [
      percentile(hundred, 0.5),
      percentile(hundred, 0.95),
      percentile([7], 0.95),
      percentile([], 0.5),
    ],
    [50, 95, 7, null],
  )
})

test('the chart in words', t => {
  t.is(summary([], NOW), 'No requests in the last minute.')
  t.is(
    summary(
      [someExchange(1, { at: NOW, took: 2 }), someExchange(2, { at: NOW, took: 40, status: 500 })],
      NOW,
    ),
    '2 requests in the last minute, 1 failed; half within 2 ms, 95 % within 40 ms.',
  )
  t.regex(
    summary([someExchange(1, { at: NOW })], NOW),
    /^1 request in the last minute, none failed/,
  )
})

test('an axis ends at a round number that is not below the largest value', t => {
  t.deepEqual(
    [[], [null], [0.3], [1], [1.1], [2], [4], [6], [10], [11], [999]].map(axisEnd),
    [1, 1, 1, 1, 2, 2, 4, 6, 10, 20, 1000],
  )
})

test('a line is broken where there is nothing, and a lone value is a dot', t => {
  t.is(linePath([1, 2, null, 4], 4, 40, 8), 'M5 6h0L15 4M35 0h0')
})
