import test from 'ava'
import { Accumulator } from '../../lib/wire/accumulator.js'

test('pieces come out as one', t => {
  const accumulator = new Accumulator()
  for (const piece of ['ab', '', 'cde']) accumulator.add(Buffer.from(piece))
  t.is(accumulator.length, 5)
  t.is(accumulator.last(), 0x65)
  t.deepEqual(accumulator.release(), Buffer.from('abcde'))
})

test('it doubles, and makes no more room than the whole will need', t => {
  const accumulator = new Accumulator()
  accumulator.add(Buffer.alloc(10), 1000)
  t.is(accumulator.capacity, 256)
  accumulator.add(Buffer.alloc(300), 1000)
  t.is(accumulator.capacity, 512)
  accumulator.add(Buffer.alloc(300), 1000)
  t.is(accumulator.capacity, 1000)
  accumulator.add(Buffer.alloc(390), 1000)
  t.is(accumulator.capacity, 1000)
})

test('a released accumulator keeps no memory', t => {
  const accumulator = new Accumulator()
  accumulator.add(Buffer.alloc(1_000_000))
  accumulator.release()
  t.deepEqual([accumulator.length, accumulator.capacity, accumulator.last()], [0, 0, -1])
})
