import test from 'ava'
import { queuedSink } from '../../../lib/runtime/log/queued-sink.js'

test('without a reader nothing is queued, and nothing is tried again', t => {
  const tried: string[] = []
  const sink = queuedSink(
    bytes => {
      tried.push(Buffer.from(bytes).toString())
      return 'closed'
    },
    line => Buffer.from(line),
    dropped => `${dropped} dropped`,
  )
  for (const line of ['one', 'two', 'three']) sink.write(line)
  sink.flushSync()
  t.deepEqual(tried, ['one'])
})

test('after a full disk the rest of a line is written first', t => {
  const written: string[] = []
  let room = 7
  const sink = queuedSink(
    bytes => {
      if (room === 0) return 'failing'
      const count = Math.min(room, bytes.length)
      room -= count
      written.push(Buffer.from(bytes).toString('utf8', 0, count))
      return count
    },
    line => Buffer.from(`${line}\n`),
    dropped => `${dropped} dropped`,
  )
  for (const line of ['one', 'two', 'three']) sink.write(line)
  t.is(written.join(''), 'one\ntwo')
  room = 100
  sink.flushSync()
  t.is(written.join(''), 'one\ntwo\nthree\n')
})
