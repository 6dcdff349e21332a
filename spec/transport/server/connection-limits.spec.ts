import test from 'ava'
import {
  Crowd,
  type CrowdLimits,
  type Eviction,
  type Member,
  MOMENTARILY,
} from '../../../lib/transport/server/connection-limits.js'

const LIMITS: CrowdLimits = {
  maxConnections: 3,
  maxBuffered: 100,
  frameTimeout: 10,
  idleTimeout: 50,
}

interface Somebody extends Member {
  readonly name: string
  held: number
  inFlight: number
  spoke: boolean
  awaitedSince: number | undefined
  activeAt: number
}

/** A crowd with a clock that is moved by hand, and the names of those who had to go. */
const crowdOf = (limits: Partial<CrowdLimits> = {}) => {
  const gone: string[] = []
  const why: Eviction[] = []
  const waiting: Array<() => void> = []
  const time = { now: 0 }
  const crowd = new Crowd<Somebody>(
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
      held: 0,
      inFlight: 0,
      spoke: false,
      awaitedSince: time.now,
      activeAt: time.now,
      ...fields,
      destroy: () => undefined,
    }
    somebody.destroy = () => {
      gone.push(name)
      const { held } = somebody
      somebody.held = 0
      crowd.weigh(-held)
    }
    crowd.add(somebody)
    return somebody
  }
  const holds = (somebody: Somebody, bytes: number): void => {
    const change = bytes - somebody.held
    somebody.held = bytes
    crowd.weigh(change)
  }
  /** Somebody comes, and whether there is room. */
  const arrive = (name: string): boolean => {
    const room = crowd.makeRoom()
    if (room) join(name)
    return room
  }
  return { crowd, gone, why, time, join, holds, arrive, read }
}

test('there is room until there are as many as may be', t => {
  const { crowd, gone, arrive, read } = crowdOf()
  t.deepEqual(['a', 'b', 'c'].map(arrive), [true, true, true])
  read()
  t.deepEqual([gone, crowd.members.size], [[], 3])
})

test('the oldest that has sent no message makes room for a newcomer, whoever else is there', t => {
  const { gone, why, join, arrive, read } = crowdOf()
  join('served', { spoke: true, inFlight: 1 })
  join('silent')
  join('silent too')
  t.true(arrive('newcomer'))
  t.deepEqual(gone, [])
  read()
  t.deepEqual([gone, why], [['silent'], ['too many connections']])
})

test('who comes in a flood and has sent a message stays: nobody goes before what has arrived is read', t => {
  const { crowd, gone, join, arrive, read } = crowdOf()
  const behaved = join('behaved')
  t.deepEqual(['1', '2', '3', '4', '5'].map(arrive), [true, true, true, true, true])
  t.deepEqual(gone, [])
  behaved.spoke = true
  behaved.inFlight = 1
  read()
  t.deepEqual([gone, crowd.members.size], [['1', '2', '3'], 3])
})

test('there are never more than that and the newcomers of a moment', t => {
  const { crowd, gone, arrive, read } = crowdOf()
  const all = Array.from({ length: 3 + MOMENTARILY + 1 }, (_, index) => String(index))
  t.true(all.map(arrive).every(Boolean))
  t.deepEqual([gone, crowd.members.size], [['0'], 3 + MOMENTARILY])
  read()
  t.deepEqual([gone, crowd.members.size], [all.slice(0, -3), 3])
  // And the next flood is thinned out as well.
  arrive('next')
  read()
  t.deepEqual([gone.length, crowd.members.size], [all.length - 2, 3])
})

test('where all have spoken, the oldest that waits for no answer makes room', t => {
  const { gone, join, arrive, read } = crowdOf()
  join('served', { spoke: true, inFlight: 1 })
  join('idle', { spoke: true })
  join('idle too', { spoke: true })
  arrive('newcomer')
  read()
  t.deepEqual(gone, ['idle'])
})

test('nobody who is being served goes for a newcomer', t => {
  const { crowd, gone, why, join, arrive, read } = crowdOf()
  for (const name of ['a', 'b', 'c']) join(name, { spoke: true, inFlight: 1 })
  const late = join('late')
  late.spoke = true
  late.inFlight = 1
  crowd.makeRoom()
  read()
  t.deepEqual([gone, why], [['late'], ['too many connections']])
  for (let i = 0; i < MOMENTARILY; i++) join(String(i), { spoke: true, inFlight: 1 })
  t.false(arrive('g'))
  t.deepEqual([gone, why.length], [['late'], 2])
})

test('past the bound of bytes those who hold most go, until the rest is within it', t => {
  const { crowd, gone, why, join, holds } = crowdOf()
  const [little, much, most] = [join('little'), join('much'), join('most')]
  holds(little, 10)
  holds(much, 40)
  t.is(crowd.held, 50)
  holds(most, 90)
  t.deepEqual([gone, why, crowd.held], [['most'], ['too much memory'], 50])
  holds(little, 70)
  t.deepEqual([gone, crowd.held], [['most', 'little'], 40])
})

test('a message must arrive in time, the first from the beginning of the connection', t => {
  const { crowd, gone, why, time, join } = crowdOf()
  join('late')
  const prompt = join('prompt')
  time.now = 10
  crowd.sweep()
  crowd.sweep()
  t.deepEqual(gone, [])
  prompt.awaitedSince = undefined
  time.now = 11
  crowd.sweep()
  t.deepEqual(gone, [])
  crowd.sweep()
  t.deepEqual([gone, why], [['late'], ['no message in time']])
})

test('a message that came while the server itself was busy is not late', t => {
  const { crowd, gone, time, join } = crowdOf()
  const waiting = join('waiting')
  time.now = 1_000
  crowd.sweep()
  waiting.awaitedSince = undefined
  waiting.activeAt = 1_000
  crowd.sweep()
  t.deepEqual(gone, [])
})

test('a connection on which nothing happens is closed, but not while it is being served', t => {
  const { crowd, gone, why, time, join } = crowdOf()
  join('idle', { spoke: true, awaitedSince: undefined })
  join('served', { spoke: true, awaitedSince: undefined, inFlight: 1 })
  time.now = 51
  crowd.sweep()
  crowd.sweep()
  t.deepEqual([gone, why], [['idle'], ['idle']])
})
