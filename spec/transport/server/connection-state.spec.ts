import test from 'ava'
import fc from 'fast-check'
import {
  type ConnectionAction,
  type ConnectionEvent,
  type ConnectionState,
  canTake,
  opened,
  step,
} from '../../../lib/transport/server/connection-state.js'

type Taken = Extract<ConnectionEvent, { readonly _tag: 'Taken' }>

const taken = (at: number, fields: Partial<Taken> = {}): ConnectionEvent => ({
  _tag: 'Taken',
  at,
  messages: true,
  pending: 0,
  left: 'nothing',
  ...fields,
})
const answered = (count: number): ConnectionEvent => ({ _tag: 'Answered', count })
const happens = (
  _tag: Exclude<ConnectionEvent['_tag'], 'Taken' | 'Answered' | 'Drained' | 'StopRequested'>,
): ConnectionEvent => ({ _tag })

/** The state after some events on a new connection, and the actions of the last one. */
const after = (
  ...events: ReadonlyArray<ConnectionEvent>
): readonly [ConnectionState, ReadonlyArray<ConnectionAction>] =>
  events.reduce<readonly [ConnectionState, ReadonlyArray<ConnectionAction>]>(
    ([state], event) => {
      const { state: next, actions } = step(state, event)
      return [next, actions]
    },
    [opened(0), []],
  )

const USED = { inFlight: 0, hasSentMessage: true, lastActivity: 5, writable: true }

test('a request that is answered at once leaves a connection that waits for nothing', t => {
  t.deepEqual(after(taken(5)), [
    { ...USED, _tag: 'Open', incompleteSince: undefined },
    ['resume', 'flush'],
  ])
})

test('a request that is answered later is in flight until then', t => {
  const [waiting] = after(taken(5, { pending: 3 }))
  t.is(waiting.inFlight, 3)
  const { state, actions } = step(waiting, answered(2))
  t.deepEqual([state, actions], [{ ...waiting, inFlight: 1 }, ['take', 'flush']])
})

test('a message is incomplete from when its first bytes came', t => {
  const since = (...events: ReadonlyArray<ConnectionEvent>): unknown => {
    const [state] = after(...events)
    return state._tag === 'Open' ? state.incompleteSince : state
  }
  const part = { messages: false, left: 'part of a message' } as const
  t.is(since(), 0)
  t.is(since(taken(5, part)), 0)
  t.is(since(taken(5)), undefined)
  t.is(since(taken(5), taken(6, part)), 6)
  t.is(since(taken(5), taken(6, part), taken(7, part)), 6)
  t.is(since(taken(5), taken(6, part), taken(7, { left: 'part of a message' })), 7)
  t.is(since(taken(5), taken(6, part), taken(7, { messages: false, left: 'more' })), undefined)
})

test('at the limit of requests reading pauses, and goes on when there is room again', t => {
  const [full, pause] = after(taken(5, { pending: 2, left: 'more' }))
  t.deepEqual([canTake(full, 2), pause], [false, ['pause', 'flush']])
  const { state } = step(full, answered(1))
  t.deepEqual([canTake(state, 2), canTake(state, 2, 1)], [true, false])
  t.deepEqual(step(state, taken(5)).actions, ['resume', 'flush'])
})

test('nothing is taken while the peer does not read', t => {
  const [blocked, actions] = after(taken(5), happens('WriteBlocked'))
  t.deepEqual([canTake(blocked, 10), actions], [false, ['await drain']])
  t.deepEqual(step(blocked, happens('WriteBlocked')), { state: blocked, actions: [] })
  t.deepEqual(step(blocked, { _tag: 'Drained', at: 9 }), {
    state: { ...blocked, writable: true, lastActivity: 9 },
    actions: ['take', 'flush'],
  })
})

test('a peer that has ended and has its answers is closed', t => {
  t.deepEqual(after(taken(5), happens('PeerEnded')), [
    { ...USED, _tag: 'Closing' },
    ['flush', 'close'],
  ])
})

test('a half-open peer is probed until it has its last answer', t => {
  const [half, actions] = after(taken(5, { pending: 2 }), happens('PeerEnded'))
  t.deepEqual([half, actions], [{ ...USED, _tag: 'HalfOpen', inFlight: 2 }, ['flush', 'probe']])
  t.deepEqual(step(half, happens('ProbeDue')), { state: half, actions: ['probe'] })
  const { state: last, actions: flush } = step(half, answered(1))
  t.deepEqual([last, flush], [{ ...half, inFlight: 1 }, ['flush']])
  const { state, actions: close } = step(last, answered(1))
  t.deepEqual([state, close], [{ ...USED, _tag: 'Closing' }, ['flush', 'close']])
  t.deepEqual(step(state, happens('ProbeDue')).actions, [])
})

const STOP: ConnectionEvent = { _tag: 'StopRequested', taking: false }

for (const end of [happens('InvalidInput'), STOP]) {
  test(`${end._tag}: nothing more is taken, and the connection closes behind the last answer`, t => {
    const [finishing, actions] = after(taken(5, { pending: 1 }), end)
    t.deepEqual([finishing, actions], [{ ...USED, _tag: 'Finishing', inFlight: 1 }, ['flush']])
    t.false(canTake(finishing, 10))
    const closing = { state: { ...USED, _tag: 'Closing' }, actions: ['flush', 'close'] } as const
    t.deepEqual(step(finishing, answered(1)), closing)
    t.deepEqual(after(taken(5), end), [closing.state, closing.actions])
    t.deepEqual(step(finishing, happens('PeerEnded')), {
      state: { ...finishing, _tag: 'HalfOpen' },
      actions: ['flush', 'probe'],
    })
  })
}

test('a stop from within a handler waits for the answer of that handler', t => {
  const [finishing, actions] = after(taken(5), { _tag: 'StopRequested', taking: true })
  t.deepEqual([finishing, actions], [{ ...USED, _tag: 'Finishing' }, []])
  t.deepEqual(step(finishing, taken(6)).actions, ['flush', 'close'])
  t.deepEqual(step(finishing, taken(6, { pending: 1 })), {
    state: { ...finishing, inFlight: 1 },
    actions: ['flush'],
  })
})

test('a peer that leaves is told of once, whatever waits for it', t => {
  const [gone, actions] = after(
    taken(5, { pending: 1 }),
    happens('WriteBlocked'),
    happens('StreamClosed'),
  )
  t.deepEqual(
    [gone, actions],
    [{ ...USED, _tag: 'Closed', inFlight: 1, writable: false }, ['release']],
  )
  for (const event of [answered(1), happens('StreamClosed'), happens('DestroyRequested'), taken(9)])
    t.deepEqual(step(gone, event), { state: gone, actions: [] })
})

test('a connection that is destroyed lets go of everything before its stream is closed', t => {
  t.deepEqual(after(taken(5), happens('DestroyRequested')), [
    { ...USED, _tag: 'Closed' },
    ['release', 'destroy'],
  ])
})

test('whatever happens, a connection closes once, lets go once, and takes nothing afterwards', t => {
  const event = fc.oneof(
    fc.constantFrom<ConnectionEvent>(
      happens('WriteBlocked'),
      happens('InvalidInput'),
      STOP,
      happens('PeerEnded'),
      happens('ProbeDue'),
      happens('StreamClosed'),
      happens('DestroyRequested'),
      answered(1),
      { _tag: 'Drained', at: 7 },
    ),
    fc.record({
      _tag: fc.constant('Taken'),
      at: fc.nat(100),
      messages: fc.boolean(),
      pending: fc.nat(3),
      left: fc.constantFrom('nothing', 'part of a message', 'more'),
    }),
  )
  fc.assert(
    fc.property(fc.array(event), events => {
      let state: ConnectionState = opened(0)
      const all: ConnectionAction[] = []
      for (const each of events) {
        const before = state
        const { state: next, actions } = step(before, each)
        if (before._tag !== 'Open') t.false(canTake(next, Number.POSITIVE_INFINITY))
        if (before._tag === 'Closing') t.true(['Closing', 'Closed'].includes(next._tag))
        all.push(...actions)
        state = next
      }
      for (const once of ['close', 'release', 'destroy'])
        t.true(all.filter(action => action === once).length <= 1)
      t.is(all.includes('release'), state._tag === 'Closed')
    }),
  )
})
