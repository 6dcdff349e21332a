import { Duplex } from 'node:stream'
import test from 'ava'
import { WriteQueue } from '../../../lib/transport/server/write-queue.js'

/** A queue over a stream that holds 100,000 bytes, of which its peer reads none. */
const queued = () => {
  const writes: number[] = []
  const stream = new Duplex({
    writableHighWaterMark: 100_000,
    read: () => undefined,
    write: () => undefined,
  })
  const write = stream.write.bind(stream)
  stream.write = (chunk: Buffer) => {
    writes.push(chunk.length)
    return write(chunk)
  }
  return { writes, queue: new WriteQueue(stream) }
}

test('answers are gathered, and leave in one write', t => {
  const { writes, queue } = queued()
  for (const length of [10, 20, 30]) t.true(queue.add(Buffer.alloc(length)))
  t.deepEqual([writes, queue.length], [[], 60])
  t.true(queue.flush())
  t.deepEqual([writes, queue.length], [[60], 60])
  t.true(queue.flush())
  t.deepEqual(writes, [60])
})

test('64 KiB leave at once, and a full stream is told of', t => {
  const { writes, queue } = queued()
  t.true(queue.add(Buffer.alloc(65_535)))
  t.true(queue.add(Buffer.alloc(1)))
  t.deepEqual(writes, [65_536])
  t.false(queue.add(Buffer.alloc(65_536)))
  t.deepEqual([writes, queue.length], [[65_536, 65_536], 131_072])
})

test('what was cleared is not written', t => {
  const { writes, queue } = queued()
  queue.add(Buffer.alloc(10))
  queue.clear()
  t.true(queue.flush())
  t.deepEqual([writes, queue.length], [[], 0])
})
