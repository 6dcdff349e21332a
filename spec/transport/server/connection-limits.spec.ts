import test from 'ava'
import {
  ConnectionLimiter,
  type ConnectionLimits,
  type Eviction,
  type LimitedConnection,
  MAX_BURST,
} from '../../../lib/transport/server/connection-limits.js'

const LIMITS: ConnectionLimits = {
  maxConnections: 3,
  maxBuffered: 100,
  frameTimeout: 10,
  idleTimeout: 50,
}

interface Somebody extends LimitedConnection {
  readonly name: string
  bufferedBytes: number
  inFlight: number
  hasSentMessage: boolean
  incompleteSince: number | undefined
  lastActivity: number
}

/** A limiter with a clock that is moved by hand, and the names of those who had to go. */
const limiterOf = (limits: Partial<ConnectionLimits> = {}) => {
  const gone: string[] = []
  const why: Eviction[] = []
  const waiting: Array<() => void> = []
  const time = { now: 0 }
  const limiter = new ConnectionLimiter<Somebody>(
    { ...LIMITS, ...limits },
    () => time.now,
    reason => why.push(reason),
    f => void waiting.push(f),
  )
  /** What has arrived is read. */
  const read = (): void => {
    for (const f of waiting.splice(0)) f()
  }
  const join = (name: string, fields: Partial<Somebody> = {}): Somebody => {
    const somebody: Somebody = {
      name,
      bufferedBytes: 0,
      inFlight: 0,
      hasSentMessage: false,
      incompleteSince: time.now,
      lastActivity: time.now,
      ...fields,
      destroy: () => undefined,
    }
    somebody.destroy = () => {
      gone.push(name)
      const { bufferedBytes } = somebody
      somebody.bufferedBytes = 0
      limiter.onBufferedChange(-bufferedBytes)
    }
    limiter.add(somebody)
    return somebody
  }
  const holds = (somebody: Somebody, bytes: number): void => {
    const change = bytes - somebody.bufferedBytes
    somebody.bufferedBytes = bytes
    limiter.onBufferedChange(change)
  }
  /** Somebody comes, and whether there is room. */
  const arrive = (name: string): boolean => {
    const room = limiter.makeRoom()
    if (room) join(name)
    return room
  }
  return { limiter, gone, why, time, join, holds, arrive, read }
}

test('there is room until there are as many as may be', t => {
  const { limiter, gone, arrive, read } = limiterOf()
  t.deepEqual(['a', 'b', 'c'].map(arrive), [true, true, true])
  read()
  t.deepEqual([gone, limiter.members.size], [[], 3])
})

test('the oldest that has sent no message makes room for a newcomer, whoever else is there', t => {
  const { gone, why, join, arrive, read } = limiterOf()
  join('served', { hasSentMessage: true, inFlight: 1 })
  join('silent')
  join('silent too')
  t.true(arrive('newcomer'))
  t.deepEqual(gone, [])
  read()
  t.deepEqual([gone, why], [['silent'], ['too many connections']])
})

test('who comes in a flood and has sent a message stays: nobody goes before what has arrived is read', t => {
  const { limiter, gone, join, arrive, read } = limiterOf()
  const behaved = join('behaved')
  t.deepEqual(['1', '2', '3', '4', '5'].map(arrive), [true, true, true, true, true])
  t.deepEqual(gone, [])
  behaved.hasSentMessage = true
  behaved.inFlight = 1
  read()
  t.deepEqual([gone, limiter.members.size], [['1', '2', '3'], 3])
})

test('there are never more than that and the newcomers of a moment', t => {
  const { limiter, gone, arrive, read } = limiterOf()
  const all = Array.from({ length: 3 + MAX_BURST + 1 }, (_, index) => String(index))
  t.true(all.map(arrive).every(Boolean))
  t.deepEqual([gone, limiter.members.size], [['0'], 3 + MAX_BURST])
  read()
  t.deepEqual([gone, limiter.members.size], [all.slice(0, -3), 3])
  // And the next flood is thinned out as well.
  arrive('next')
  read()
  t.deepEqual([gone.length, limiter.members.size], [all.length - 2, 3])
})

test('where all have spoken, the oldest that waits for no answer makes room', t => {
  const { gone, join, arrive, read } = limiterOf()
  join('served', { hasSentMessage: true, inFlight: 1 })
  join('idle', { hasSentMessage: true })
  join('idle too', { hasSentMessage: true })
  arrive('newcomer')
  read()
  t.deepEqual(gone, ['idle'])
})

test('nobody who is being served goes for a newcomer', t => {
  const { limiter, gone, why, join, arrive, read } = limiterOf()
  for (const name of ['a', 'b', 'c']) join(name, { hasSentMessage: true, inFlight: 1 })
  const late = join('late')
  late.hasSentMessage = true
  late.inFlight = 1
  limiter.makeRoom()
  read()
  t.deepEqual([gone, why], [['late'], ['too many connections']])
  for (let i = 0; i < MAX_BURST; i++) join(String(i), { hasSentMessage: true, inFlight: 1 })
  t.false(arrive('g'))
  t.deepEqual([gone, why.length], [['late'], 2])
})

test('past the bound of bytes those who hold most go, until the rest is within it', t => {
  const { limiter, gone, why, join, holds } = limiterOf()
  const [little, much, most] = [join('little'), join('much'), join('most')]
  holds(little, 10)
  holds(much, 40)
  t.is(limiter.bufferedBytes, 50)
  holds(most, 90)
  t.deepEqual([gone, why, limiter.bufferedBytes], [['most'], ['too much memory'], 50])
  holds(little, 70)
  t.deepEqual([gone, limiter.bufferedBytes], [['most', 'little'], 40])
})

test('a message must arrive in time, the first from the beginning of the connection', t => {
  const { limiter, gone, why, time, join } = limiterOf()
  join('late')
  const prompt = join('prompt')
  time.now = 10
  limiter.sweep()
  limiter.sweep()
  t.deepEqual(gone, [])
  prompt.incompleteSince = undefined
  time.now = 11
  limiter.sweep()
  t.deepEqual(gone, [])
  limiter.sweep()
  t.deepEqual([gone, why], [['late'], ['no message in time']])
})

test('a message that came while the server itself was busy is not late', t => {
  const { limiter, gone, time, join } = limiterOf()
  const waiting = join('waiting')
  time.now = 1_000
  limiter.sweep()
  waiting.incompleteSince = undefined
  waiting.lastActivity = 1_000
  limiter.sweep()
  t.deepEqual(gone, [])
})

test('a connection on which nothing happens is closed, but not while it is being served', t => {
  const { limiter, gone, why, time, join } = limiterOf()
  join('idle', { hasSentMessage: true, incompleteSince: undefined })
  join('served', { hasSentMessage: true, incompleteSince: undefined, inFlight: 1 })
  time.now = 51
  limiter.sweep()
  limiter.sweep()
  t.deepEqual([gone, why], [['idle'], ['idle']])
})
