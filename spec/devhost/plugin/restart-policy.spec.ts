import test from 'ava'
import { afterDeath } from '../../../lib/devhost/plugin/restart-policy.js'

const exit = (code: number | null) => ({ code, signal: code === null ? 'SIGSEGV' : null }) as const

const POLICY = { delays: [1_000, 2_000, 4_000], healthyAfter: 60_000 }

test('a plugin that dies again and again is started with each delay in turn, and then given up', t => {
  t.deepEqual(
    [0, 1, 2, 3].map(streak => afterDeath(POLICY, { streak, lived: 5, end: exit(1) })),
    [
      { _tag: 'Restart', after: 1_000, streak: 1 },
      { _tag: 'Restart', after: 2_000, streak: 2 },
      { _tag: 'Restart', after: 4_000, streak: 3 },
      { _tag: 'GiveUp', why: 'it died 4 times in a row' },
    ],
  )
})

test('a minute of health makes what was before forgotten', t => {
  t.deepEqual(
    [60_000, 59_999].map(lived => afterDeath(POLICY, { streak: 2, lived, end: exit(null) })),
    [
      { _tag: 'Restart', after: 1_000, streak: 1 },
      { _tag: 'Restart', after: 4_000, streak: 3 },
    ],
  )
})

test('a bad configuration and a program that cannot be started are final', t => {
  t.deepEqual(
    [exit(78), { ...exit(null), error: new Error('spawn ENOENT') }].map(end =>
      afterDeath(POLICY, { streak: 0, lived: 5, end }),
    ),
    [
      { _tag: 'GiveUp', why: 'its configuration does not fit' },
      { _tag: 'GiveUp', why: null },
    ],
  )
})
