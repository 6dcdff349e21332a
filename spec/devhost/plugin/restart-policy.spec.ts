import test from 'ava'
import {
  afterDeath,
  HEALTHY_AFTER,
  MOST_RESTARTS,
} from '../../../lib/devhost/plugin/restart-policy.js'

test('a plugin that dies again and again is started after 1, 2, 4, 8, 16, 16 … seconds, and given up after ten restarts', t => {
  const waits: number[] = []
  let streak = 0
  for (;;) {
    const decision = afterDeath(streak, 5, 1)
    if (decision._tag === 'GiveUp') break
    waits.push(decision.after / 1_000)
    streak = decision.streak
  }
  t.deepEqual(waits, [1, 2, 4, 8, 16, 16, 16, 16, 16, 16])
  t.is(waits.length, MOST_RESTARTS)
})

test('a minute of health makes what was before forgotten', t => {
  t.deepEqual(afterDeath(7, HEALTHY_AFTER, null), { _tag: 'Restart', after: 1_000, streak: 1 })
  t.deepEqual(afterDeath(7, HEALTHY_AFTER - 1, null), { _tag: 'Restart', after: 16_000, streak: 8 })
})

test('a bad configuration is final', t => {
  t.deepEqual(afterDeath(0, 5, 78), { _tag: 'GiveUp', why: 'its configuration does not fit' })
})
