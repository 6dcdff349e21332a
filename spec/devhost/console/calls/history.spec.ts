import test from 'ava'
import type { Call } from '../../../../lib/devhost/console/calls/call.js'
import {
  historyOf,
  MAX_CALLS,
  type PastCall,
  remember,
} from '../../../../lib/devhost/console/calls/history.js'

const CALL: Call = {
  method: 'GET',
  route: '/:id',
  params: { id: '5' },
  query: [],
  headers: [],
  body: '',
}

const past = (at: number, change: Partial<Call> = {}): PastCall => ({
  at,
  call: { ...CALL, ...change },
  status: 200,
  took: 1,
})

test('the history has the newest first, an end, and no room for long bodies', t => {
  const long = past(1, { body: 'x'.repeat(30_000) })
  t.deepEqual(remember([past(1)], long), [past(1)])
  const all = Array.from({ length: MAX_CALLS + 5 }, (_, at) => past(at)).reduce<
    ReadonlyArray<PastCall>
  >(remember, [])
  t.is(all.length, MAX_CALLS)
  t.is(all[0]?.at, MAX_CALLS + 4)
  t.deepEqual(historyOf(JSON.stringify(all)), all)
})

test('what others wrote into the storage is no history', t => {
  for (const text of [
    null,
    '',
    '{',
    '5',
    '{}',
    '[null, 5, {"at":1}]',
    '[{"at":1,"took":1,"status":200,"call":{"params":{"a":1}}}]',
  ])
    t.deepEqual(historyOf(text), [], String(text))
})
