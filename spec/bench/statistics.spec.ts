import test from 'ava'
import { median, quantile, spreadOf } from '../../bench/statistics.js'

test('the median is the middle value, and of an even number lies between the two in the middle', t => {
  t.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7])
})

test('a quantile lies between its neighbours in proportion', t => {
  const values = [10, 20, 30, 40, 50]
  t.deepEqual(
    [quantile(values, 0), quantile(values, 0.25), quantile(values, 0.9), quantile(values, 1)],
    [10, 20, 46, 50],
  )
})

test('of no values there is no quantile', t => {
  t.deepEqual([quantile([], 0.5), median([])], [Number.NaN, Number.NaN])
})

test('the spread is the quarters around the middle, and leaves the values as they were', t => {
  const values = Object.freeze([5, 1, 4, 2, 3])
  t.deepEqual(spreadOf(values), { median: 3, low: 2, high: 4 })
})
