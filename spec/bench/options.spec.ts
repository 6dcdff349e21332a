import test from 'ava'
import { optionsOf } from '../../bench/options.js'

test('without arguments everything is measured, at length', t => {
  t.deepEqual(optionsOf([]), { quick: false, check: false, updateBaseline: false, only: undefined })
})

test('arguments may come in any order', t => {
  t.deepEqual(optionsOf(['--only', 'start-up', '--check', '--quick', '--update-baseline']), {
    quick: true,
    check: true,
    updateBaseline: true,
    only: 'start-up',
  })
})

test('what is not known is refused by its name', t => {
  t.deepEqual(optionsOf(['--fast']), { problem: 'unknown argument: --fast' })
  t.deepEqual(optionsOf(['--only']), {
    problem:
      '--only wants one of fresh, keep, crowd, pipelined, start-up, memory, stages, not nothing',
  })
})

test('--help is no mistake', t => {
  t.deepEqual(optionsOf(['--help']), { problem: undefined })
})
