import test from 'ava'
import { InputBuffer } from '../../lib/wire/input-buffer.js'

const capacities = (pieces: ReadonlyArray<number>, ceiling: number): ReadonlyArray<number> => {
  const { allocUnsafe } = Buffer
  const sizes: number[] = []
  const input = new InputBuffer()
  Buffer.allocUnsafe = size => {
    sizes.push(size)
    return allocUnsafe(size)
  }
  for (const size of pieces) {
    input.append(Buffer.alloc(size))
    input.keep(ceiling)
  }
  Buffer.allocUnsafe = allocUnsafe
  return sizes
}

test('a byte is found behind the front of a message, and a number within it', t => {
  const input = new InputBuffer()
  input.append(Buffer.from([0, 0]))
  t.deepEqual([input.uint32(), input.last()], [undefined, -1])
  input.keep(100)
  t.deepEqual([input.uint32(), input.last()], [undefined, 0])
  input.append(Buffer.from([1, 2, 3]))
  t.deepEqual([input.indexOf(3), input.indexOf(9), input.uint32()], [4, -1, 258])
  t.deepEqual(input.take(5, 4), Buffer.from([3]))
})

test.serial('it doubles, and makes no more room than the whole will need', t => {
  t.deepEqual(capacities([10, 300, 300, 390], 1000), [256, 512, 1000])
})

test('what was cleared keeps nothing', t => {
  const input = new InputBuffer()
  input.append(Buffer.alloc(1_000_000))
  input.keep(2_000_000)
  input.append(Buffer.alloc(10))
  input.clear()
  t.deepEqual([input.length, input.last(), input.uint32()], [0, -1, undefined])
})
