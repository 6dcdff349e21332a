import test from 'ava'
import { matches } from '../../../../lib/devhost/console/traffic/filter.js'
import { someExchange } from '../fake-host.js'

test('messages are found by plugin, kind, text and failure', t => {
  const all = [
    someExchange(1, { title: 'GET /Notes/1' }),
    someExchange(2, { status: 404 }),
    someExchange(3, { kind: 'kv', title: 'get theme', status: null, error: 'silent' }),
    someExchange(4, { plugin: 'other' }),
  ]
  const none = { plugin: null, kind: 'all', text: '', errorsOnly: false } as const
  const found = (filter: Parameters<typeof matches>[0]) =>
    all.filter(matches(filter)).map(({ n }) => n)
  t.deepEqual(found(none), [1, 2, 3, 4])
  t.deepEqual(found({ ...none, plugin: 'other' }), [4])
  t.deepEqual(found({ ...none, kind: 'kv' }), [3])
  t.deepEqual(found({ ...none, errorsOnly: true }), [2, 3])
  t.deepEqual(found({ ...none, text: ' notes/1 ' }), [1])
  t.deepEqual(found({ ...none, text: 'SILENT' }), [3])
  t.deepEqual(found({ ...none, text: '404' }), [2])
})
