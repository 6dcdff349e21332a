import test from 'ava'
import { systemClock } from '../../../lib/devhost/clock.js'
import { makeWaiters } from '../../../lib/devhost/plugin/waiters.js'

test('those who wait are woken by a change, and only those who found something go on', async t => {
  const waiters = makeWaiters(systemClock)
  let found = 0
  const even = waiters.until(() => (found > 0 && found % 2 === 0 ? found : undefined), 60_000)
  const any = waiters.until(() => (found > 0 ? found : undefined), 60_000)
  found = 1
  waiters.wake()
  found = 2
  waiters.wake()
  t.deepEqual(await Promise.all([even, any]), [2, 1])
  t.is(waiters.count(), 0)
})

test('whoever has no time, or has left already, only looks', async t => {
  const waiters = makeWaiters(systemClock)
  const nothing = (): undefined => undefined
  t.is(await waiters.until(nothing, 0), undefined)
  t.is(await waiters.until(nothing, 60_000, AbortSignal.abort()), undefined)
  t.is(await waiters.until(() => 'there', 0, AbortSignal.abort()), 'there')
  t.is(waiters.count(), 0)
})

test('the end of the time and a client that leaves end the waiting', async t => {
  const waiters = makeWaiters(systemClock)
  const left = new AbortController()
  const waiting = [
    waiters.until(() => undefined, 1),
    waiters.until(() => undefined, 60_000, left.signal),
  ]
  t.is(waiters.count(), 2)
  left.abort()
  t.deepEqual(await Promise.all(waiting), [undefined, undefined])
  t.is(waiters.count(), 0)
})
