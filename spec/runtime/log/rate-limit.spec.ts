import test from 'ava'
import { makeRateLimit } from '../../../lib/runtime/log/rate-limit.js'

test('fifty entries at once, then one a second, and never more than fifty at once', t => {
  let now = 5
  const budget = makeRateLimit({ now: () => now, after: () => () => undefined })
  const granted = (times: number): number =>
    Array.from({ length: times }, budget).filter(Boolean).length
  t.is(granted(1_000), 50)
  now += 999
  t.is(granted(10), 0)
  now += 1
  t.is(granted(10), 1)
  now += 2_500
  t.is(granted(10), 2)
  now += 500
  t.is(granted(10), 1)
  now += 1_000_000
  t.is(granted(1_000), 50)
})
