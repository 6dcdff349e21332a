import test from 'ava'
import {
  ConnectionLimiter,
  type ConnectionLimits,
  type Eviction,
  type LimitedConnection,
  MAX_BURST,
  timedOut,
} from '../../../lib/transport/server/connection-limits.js'
import { type ConnectionState, opened } from '../../../lib/transport/server/connection-state.js'

const LIMITS: ConnectionLimits = {
  maxConnections: 3,
  maxBuffered: 100,
  frameTimeout: 10,
  idleTimeout: 50,
}

interface FakeConnection extends LimitedConnection {
  readonly name: string
  state: ConnectionState
  bufferedBytes: number
}

/** A limiter with a clock that is moved by hand, and the names of those that were closed. */
const limiterOf = (limits: Partial<ConnectionLimits> = {}) => {
  const closed: string[] = []
  const why: Eviction[] = []
  const waiting: Array<() => void> = []
  const time = { now: 0 }
  const limiter = new ConnectionLimiter<FakeConnection>(
    { ...LIMITS, ...limits },
    () => time.now,
    reason => why.push(reason),
    f => void waiting.push(f),
  )
  /** What has arrived is read. */
  const read = (): void => {
    for (const f of waiting.splice(0)) f()
  }
  const join = (name: string, state: ConnectionState = opened(time.now)): FakeConnection => {
    const connection: FakeConnection = {
      name,
      state,
      bufferedBytes: 0,
      destroy: () => {
        closed.push(name)
        keeps(connection, 0)
      },
    }
    limiter.add(connection)
    return connection
  }
  const keeps = (connection: FakeConnection, bytes: number): void => {
    const change = bytes - connection.bufferedBytes
    connection.bufferedBytes = bytes
    limiter.onBufferedChange(change)
  }
  /** A peer connects: whether there is room. */
  const arrive = (name: string): boolean => {
    const room = limiter.makeRoom()
    if (room) join(name)
    return room
  }
  return { limiter, closed, why, time, join, keeps, arrive, read }
}

/** A connection on which a message came, and `inFlight` requests are being answered. */
const used = (inFlight = 0): ConnectionState => ({
  ...opened(0),
  hasSentMessage: true,
  inFlight,
  incompleteSince: undefined,
})

test('there is room until there are as many connections as allowed', t => {
  const { limiter, closed, arrive, read } = limiterOf()
  t.deepEqual(['a', 'b', 'c'].map(arrive), [true, true, true])
  read()
  t.deepEqual([closed, limiter.connections.size], [[], 3])
})

test('the oldest connection without a message is closed for a new one', t => {
  const { closed, why, join, arrive, read } = limiterOf()
  join('served', used(1))
  join('silent')
  join('silent too')
  t.true(arrive('newcomer'))
  t.deepEqual(closed, [])
  read()
  t.deepEqual([closed, why], [['silent'], ['too many connections']])
})

test('no connection is closed for a new one before what has arrived is read', t => {
  const { limiter, closed, join, arrive, read } = limiterOf()
  const behaved = join('behaved')
  t.deepEqual(['1', '2', '3', '4', '5'].map(arrive), [true, true, true, true, true])
  t.deepEqual(closed, [])
  behaved.state = used(1)
  read()
  t.deepEqual([closed, limiter.connections.size], [['1', '2', '3'], 3])
})

test('past the limit there is room for one burst, and no more', t => {
  const { limiter, closed, arrive, read } = limiterOf()
  const all = Array.from({ length: 3 + MAX_BURST + 1 }, (_, index) => String(index))
  t.true(all.map(arrive).every(Boolean))
  t.deepEqual([closed, limiter.connections.size], [['0'], 3 + MAX_BURST])
  read()
  t.deepEqual([closed, limiter.connections.size], [all.slice(0, -3), 3])
  // And so it is with the next burst.
  arrive('next')
  read()
  t.deepEqual([closed.length, limiter.connections.size], [all.length - 2, 3])
})

test('where all have sent a message, the oldest that waits for no answer is closed for a new one', t => {
  const { closed, join, arrive, read } = limiterOf()
  join('served', used(1))
  join('idle', used())
  join('idle too', used())
  arrive('newcomer')
  read()
  t.deepEqual(closed, ['idle'])
})

test('a connection that waits for an answer is not closed for a new one', t => {
  const { limiter, closed, why, join, arrive, read } = limiterOf()
  for (const name of ['a', 'b', 'c']) join(name, used(1))
  const late = join('late')
  late.state = used(1)
  limiter.makeRoom()
  read()
  t.deepEqual([closed, why], [['late'], ['too many connections']])
  for (let i = 0; i < MAX_BURST; i++) join(String(i), used(1))
  t.false(arrive('g'))
  t.deepEqual([closed, why.length], [['late'], 2])
})

test('over the limit of bytes the connections that keep most are closed until the rest is within it', t => {
  const { limiter, closed, why, join, keeps } = limiterOf()
  const [little, much, most] = [join('little'), join('much'), join('most')]
  keeps(little, 10)
  keeps(much, 40)
  t.is(limiter.bufferedBytes, 50)
  keeps(most, 90)
  t.deepEqual([closed, why, limiter.bufferedBytes], [['most'], ['too much memory'], 50])
  keeps(little, 70)
  t.deepEqual([closed, limiter.bufferedBytes], [['most', 'little'], 40])
})

test('a message must arrive in time, the first from the beginning of the connection', t => {
  const { limiter, closed, why, time, join } = limiterOf()
  join('late')
  const prompt = join('prompt')
  time.now = 10
  limiter.sweep()
  limiter.sweep()
  t.deepEqual(closed, [])
  prompt.state = used()
  time.now = 11
  limiter.sweep()
  t.deepEqual(closed, [])
  limiter.sweep()
  t.deepEqual([closed, why], [['late'], ['no message in time']])
})

test('a message that came while the server itself was busy is not late', t => {
  const { limiter, closed, time, join } = limiterOf()
  const waiting = join('waiting')
  time.now = 1_000
  limiter.sweep()
  waiting.state = { ...used(), lastActivity: 1_000 }
  limiter.sweep()
  t.deepEqual(closed, [])
})

test('an idle connection is closed, but not while it waits for an answer', t => {
  const { limiter, closed, why, time, join } = limiterOf()
  join('idle', used())
  join('served', used(1))
  time.now = 51
  limiter.sweep()
  limiter.sweep()
  t.deepEqual([closed, why], [['idle'], ['idle']])
})

test('a time-out is about what is awaited: a whole message, or anything but an answer', t => {
  const limits = { frameTimeout: 10, idleTimeout: 50 }
  const why = (state: ConnectionState, now: number) => timedOut(state, now, limits)
  t.deepEqual([why(opened(0), 10), why(opened(0), 11)], [undefined, 'no message in time'])
  t.deepEqual([why(used(), 50), why(used(), 51)], [undefined, 'idle'])
  t.is(why(used(1), 1_000), undefined)
  const { inFlight, hasSentMessage, lastActivity, writable } = used()
  const closing = { _tag: 'Closing', inFlight, hasSentMessage, lastActivity, writable } as const
  t.is(why(closing, 51), 'idle')
})
