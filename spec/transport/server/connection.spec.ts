import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import test from 'ava'
import type { Answer, HostMessage, Peer } from '../../../lib/domain/message.js'
import { Connection } from '../../../lib/transport/server/connection.js'
import { frame } from '../../support/bytes.js'
import { http } from '../../support/messages.js'

const answerOf = (length: number): Answer => ({
  _tag: 'HttpAnswer',
  status: 200,
  headers: {},
  body: 'x'.repeat(length),
})

/**
 * A connection in memory, and the requests that came on it with what answers them. Where the peer
 * is slow nothing that is written is ever taken.
 */
const connected = ({ slow = false } = {}) => {
  const waiting: Array<{ readonly answer: (answer: Answer) => void; readonly peer: Peer }> = []
  const writes: number[] = []
  const stream = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => void (slow || done()),
  })
  const write = stream.write.bind(stream)
  // Seen here and not in the stream: it is about what is asked of a stream that may be closed.
  stream.write = (chunk: Buffer) => {
    writes.push(chunk.length)
    return write(chunk)
  }
  let buffered = 0
  const time = { now: 0 }
  const connection = new Connection(
    stream,
    {
      receive: (_message: HostMessage, peer) =>
        new Promise(resolve => waiting.push({ answer: resolve, peer })),
      timestamp: () => '2026-01-15T10:00:00Z',
      onInvalidInput: () => undefined,
      onUnsent: () => undefined,
      maxInFlight: 10,
      now: () => time.now,
    },
    {
      onClose: () => undefined,
      onBufferedChange: change => {
        buffered += change
      },
    },
  )
  return { connection, stream, waiting, writes, time, buffered: () => buffered }
}

const request = frame(http('tagged', 'r'))

test('answers are written while the peer is there', async t => {
  const { stream, waiting, writes } = connected()
  stream.push(request)
  await turn()
  waiting[0]?.answer(answerOf(100_000))
  await turn()
  t.is(writes.length, 1)
})

test('an answer that is not read counts as buffered, and nothing more is taken until it is read', async t => {
  const { stream, waiting, writes, buffered } = connected({ slow: true })
  stream.push(request)
  await turn()
  waiting[0]?.answer(answerOf(100_000))
  await turn()
  t.deepEqual([buffered(), writes.length], [writes[0], 1])
  t.true(buffered() > 100_000)
  stream.push(request)
  await turn()
  t.deepEqual([waiting.length, stream.isPaused()], [1, true])
})

test('a message is incomplete from when it began to come until all of it is there', async t => {
  const { connection, stream, time } = connected()
  const incompleteSince = () =>
    connection.state._tag === 'Open' ? connection.state.incompleteSince : connection.state
  const seen: unknown[] = [incompleteSince()]
  for (const bytes of [
    request,
    request.subarray(0, 50),
    request.subarray(50, 60),
    request.subarray(60),
  ]) {
    time.now += 10
    stream.push(bytes)
    await turn()
    seen.push(incompleteSince())
  }
  t.deepEqual(seen, [0, undefined, 20, 20, undefined])
  t.is(connection.state.lastActivity, 40)
})

for (const length of [10, 100_000]) {
  test(`nothing is written to a peer that is gone, and nothing is kept for it (${length} bytes)`, async t => {
    const { stream, waiting, writes, buffered } = connected()
    const lost: string[] = []
    stream.push(Buffer.concat([request, request.subarray(0, 50)]))
    await turn()
    waiting[0]?.peer.onLost(() => lost.push('lost'))
    t.is(buffered(), 50)
    stream.destroy(new Error('the peer reset the connection'))
    await turn()
    t.deepEqual([waiting[0]?.peer.lost, lost, buffered()], [true, ['lost'], 0])
    waiting[0]?.answer(answerOf(length))
    await turn()
    t.deepEqual([writes, buffered()], [[], 0])
  })
}

test('a peer that is gone is told of once, and to those who still listen', async t => {
  const { connection, stream, waiting } = connected()
  const lost: string[] = []
  stream.push(request)
  await turn()
  const peer = waiting[0]?.peer
  peer?.onLost(() => lost.push('one'))
  peer?.onLost(() => lost.push('two'))()
  connection.destroy()
  await turn()
  connection.destroy()
  t.deepEqual(lost, ['one'])
})

test('a handler that stops its server is answered all the same', async t => {
  const written: Buffer[] = []
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      written.push(chunk)
      done()
    },
  })
  const connection: Connection = new Connection(stream, {
    receive: () => {
      connection.finish()
      return answerOf(10)
    },
    timestamp: () => '2026-01-15T10:00:00Z',
    onInvalidInput: () => undefined,
    onUnsent: () => undefined,
    maxInFlight: 10,
    now: () => 0,
  })
  stream.push(request)
  await turn()
  t.deepEqual([written.length, connection.state._tag], [1, 'Closed'])
})
