import test from 'ava'
import { selectionFor } from '../../bench/plan.js'
import { fallenFrom, fallenLine } from '../../bench/report/check.js'

test('a ratio has fallen once it lies more than 15 % under the baseline', t => {
  const baseline = {
    'node20 load/hello/fresh': 1,
    'node20 load/hello/keep': 1,
    'node20 stages/encode': 2,
  }
  const current = {
    'node20 load/hello/fresh': 0.86,
    'node20 load/hello/keep': 0.84,
    'node20 stages/encode': 2.5,
  }
  t.deepEqual(fallenFrom(baseline, current), [
    { address: 'node20 load/hello/keep', was: 1, is: 0.84 },
  ])
})

test('what only one side has is not compared', t => {
  t.deepEqual(fallenFrom({ 'node20 stages/frame': 1 }, { 'node24 stages/frame': 0.1 }), [])
})

test('a fallen ratio is told with its address', t => {
  t.is(
    fallenLine({ address: 'node20 stages/encode', was: 2, is: 1.5 }),
    'node20 stages/encode: 1.50, and 2.00 in the baseline (25 % less)',
  )
})

test('only what has fallen is measured once more', t => {
  const { load, startUp, memory, stages } = selectionFor(['load/post/keep', 'stages/encode'])
  t.deepEqual(
    [load('post', 'keep'), load('post', 'fresh'), load('hello', 'keep'), startUp, memory, stages],
    [true, false, false, false, false, true],
  )
})
