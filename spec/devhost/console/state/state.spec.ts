import test from 'ava'
import {
  type Action,
  initial,
  MAX_EXCHANGES,
  MAX_LOGS,
  newWhilePaused,
  reduce,
  type State,
} from '../../../../lib/devhost/console/state/state.js'
import { someEntry, someExchange, somePlugin } from '../fake-host.js'

const after = (...actions: ReadonlyArray<Action>): State => actions.reduce(reduce, initial)

const HOST = { version: '1.0.0', dialect: 'tagged', policy: 'development' } as const
const connected: Action = { type: 'state', state: { ...HOST, plugins: [somePlugin()] } }
const exchanges = (...numbers: ReadonlyArray<number>): Action => ({
  type: 'exchanges',
  exchanges: numbers.map(n => someExchange(n)),
})
const numbers = (state: State): ReadonlyArray<number> => state.exchanges.map(({ n }) => n)

test('the first word of the host is its state', t => {
  const state = after(connected)
  t.is(state.connection, 'live')
  t.deepEqual(state.host, HOST)
  t.deepEqual(
    state.plugins.map(({ id }) => id),
    ['notes'],
  )
})

test('a plugin that changes keeps its place, a new one comes last, one that is gone takes its log with it', t => {
  const state = after(
    connected,
    { type: 'plugin', plugin: somePlugin({ id: 'constructor' }) },
    { type: 'plugin', plugin: somePlugin({ memory: 7 }) },
    { type: 'logs', entries: [someEntry(1)] },
  )
  t.deepEqual(
    state.plugins.map(({ id, memory }) => [id, memory]),
    [
      ['notes', 7],
      ['constructor', 48_300_000],
    ],
  )
  const gone = reduce(state, { type: 'gone', id: 'notes' })
  t.deepEqual(
    gone.plugins.map(({ id }) => id),
    ['constructor'],
  )
  t.false(gone.logs.has('notes'))
})

test('exchanges stand by number: late ones where they began, repeated ones once, old ones forgotten', t => {
  t.deepEqual(numbers(after(exchanges(1, 3), exchanges(2, 4), exchanges(4))), [1, 2, 3, 4])
  const many = after({
    type: 'exchanges',
    exchanges: Array.from({ length: MAX_EXCHANGES + 5 }, (_, index) => someExchange(index + 1)),
  })
  t.is(many.exchanges.length, MAX_EXCHANGES)
  t.is(many.exchanges[0]?.n, 6)
  t.is(many.seen, MAX_EXCHANGES + 5)
})

test('while the list stands still, what comes is counted and kept', t => {
  const paused = after(exchanges(1, 2), { type: 'pause' }, exchanges(3), exchanges(4, 5))
  t.deepEqual(
    paused.pause?.shown.map(({ n }) => n),
    [1, 2],
  )
  t.is(newWhilePaused(paused), 3)
  const resumed = reduce(paused, { type: 'resume' })
  t.is(newWhilePaused(resumed), 0)
  t.deepEqual(numbers(resumed), [1, 2, 3, 4, 5])
})

test('what was cleared does not come back from what the host remembers, unless another host counts from one', t => {
  const cleared = after(connected, exchanges(1, 2, 3), { type: 'clear' }, exchanges(4))
  t.deepEqual(numbers(cleared), [4])
  const again = [1, 2, 3, 4, 5].map(n => someExchange(n))
  t.deepEqual(
    numbers([connected, { type: 'remembered', exchanges: again } as const].reduce(reduce, cleared)),
    [4, 5],
  )
  const another = [1, 2].map(n => someExchange(n))
  t.deepEqual(
    numbers(
      [connected, { type: 'remembered', exchanges: another } as const].reduce(reduce, cleared),
    ),
    [1, 2],
  )
})

test('a list that stands still is empty after it is cleared', t => {
  const state = after(
    exchanges(1),
    { type: 'pause' },
    exchanges(2),
    { type: 'clear' },
    exchanges(3),
  )
  t.deepEqual(state.pause?.shown, [])
  t.is(newWhilePaused(state), 1)
})

test('a lost connection keeps what is shown; the next one begins anew', t => {
  const lost = after(
    connected,
    exchanges(1),
    { type: 'logs', entries: [someEntry(1)] },
    { type: 'kv', id: 'notes' },
    { type: 'lost' },
  )
  t.is(lost.connection, 'lost')
  t.deepEqual(numbers(lost), [1])
  const back = reduce(lost, connected)
  t.is(back.connection, 'live')
  t.deepEqual([numbers(back), back.logs.size], [[], 0])
  t.is(back.stores.get('notes'), 2)
})

test('the history of a log comes before what was heard of it since, and nothing stands twice', t => {
  const { n: _, ...second } = someEntry(2)
  const { n: __, ...first } = someEntry(1)
  const state = after(
    { type: 'logs', entries: [someEntry(2), someEntry(3)] },
    { type: 'log-history', plugin: 'notes', entries: [second, first] },
  )
  t.deepEqual(
    state.logs.get('notes')?.map(({ message, n }) => [message, n]),
    [
      ['entry 1', -1],
      ['entry 2', 2],
      ['entry 3', 3],
    ],
  )
})

test('the newest entries of a log are kept, of each plugin', t => {
  const noisy = Array.from({ length: MAX_LOGS + 10 }, (_, index) => someEntry(index + 1))
  const state = after({ type: 'logs', entries: [someEntry(1, { plugin: 'quiet' }), ...noisy] })
  t.is(state.logs.get('notes')?.length, MAX_LOGS)
  t.is(state.logs.get('notes')?.at(-1)?.n, MAX_LOGS + 10)
  t.is(state.logs.get('quiet')?.length, 1)
})

test('messages have numbers of their own, and the oldest make room', t => {
  const toasts: ReadonlyArray<Action> = [1, 2, 3, 4, 5].map(n => ({
    type: 'toast',
    text: `${n}`,
    kind: 'info',
  }))
  const state = after(...toasts, { type: 'dismiss', n: 3 })
  t.deepEqual(
    state.toasts.map(({ text }) => text),
    ['2', '4', '5'],
  )
})
