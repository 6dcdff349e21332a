import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { MAX_FRAME_BYTES } from '../../lib/domain/host.js'
import { FrameDecoder } from '../../lib/wire/frames.js'
import { wireError } from '../../lib/wire/wire-error.js'
import fc, { runs } from '../support/properties.js'
import { cutAt, drain, feed, frameOf } from './decoding.js'

const NONE = E.right(O.none)

const header = (length: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

test('any list of texts in any split decodes to the same list', t => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 300 })),
      fc.array(fc.nat(3000)),
      (texts, places) => {
        const bytes = Buffer.concat(texts.map(frameOf))
        t.deepEqual(feed(new FrameDecoder(), cutAt(bytes, places)), { texts, error: undefined })
      },
    ),
    runs(300),
  )
})

test('it makes no difference when the pieces are taken: bytes that were left behind join those that come', t => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 50 })),
      fc.array(fc.nat(600)),
      fc.infiniteStream(fc.nat(3)),
      (texts, places, takes) => {
        const decoder = new FrameDecoder()
        const got: string[] = []
        for (const piece of cutAt(Buffer.concat(texts.map(frameOf)), places)) {
          decoder.append(piece)
          for (let left = takes.next().value; left > 0; left -= 1) {
            const taken = decoder.take()
            if (E.isRight(taken) && O.isSome(taken.right)) got.push(taken.right.value.toString())
          }
        }
        t.deepEqual([...got, ...drain(decoder, true).texts], texts)
      },
    ),
    runs(300),
  )
})

test('one byte at a time', t => {
  const texts = ['{"a":1}', '', 'Zoë 🔌']
  const bytes = Buffer.concat(texts.map(frameOf))
  t.deepEqual(
    feed(
      new FrameDecoder(),
      [...bytes].map(byte => Uint8Array.of(byte)),
    ),
    { texts, error: undefined },
  )
})

test('nothing there yet is none, and no error', t => {
  const decoder = new FrameDecoder()
  t.deepEqual(decoder.take(), NONE)
  decoder.append(Buffer.alloc(0))
  t.deepEqual(decoder.take(), NONE)
  decoder.append(header(5).subarray(0, 3))
  t.deepEqual(decoder.take(), NONE)
  decoder.append(Buffer.from([5]))
  t.deepEqual(decoder.take(), NONE)
  decoder.append(Buffer.from('hell'))
  t.deepEqual(decoder.take(), NONE)
  decoder.append(Buffer.from('o'))
  t.deepEqual(decoder.take(), E.right(O.some(Buffer.from('hello'))))
  t.deepEqual(decoder.take(), NONE)
})

test('a frame of length zero is an empty text', t => {
  t.deepEqual(feed(new FrameDecoder(), [header(0)]), { texts: [''], error: undefined })
})

test('a frame that lies whole within a piece is a view of that piece', t => {
  const piece = Buffer.concat([frameOf('first'), frameOf('second')])
  const decoder = new FrameDecoder()
  decoder.append(piece)
  for (const _ of ['first', 'second']) {
    const taken = decoder.take()
    t.true(E.isRight(taken) && O.isSome(taken.right) && taken.right.value.buffer === piece.buffer)
  }
})

test('whole frames behind the rest of another one are views too', t => {
  const piece = Buffer.concat([Buffer.from('lo'), frameOf('second')])
  const decoder = new FrameDecoder()
  decoder.append(frameOf('hello').subarray(0, 7))
  decoder.take()
  decoder.append(piece)
  t.deepEqual(decoder.take(), E.right(O.some(Buffer.from('hello'))))
  const taken = decoder.take()
  t.true(E.isRight(taken) && O.isSome(taken.right) && taken.right.value.buffer === piece.buffer)
})

test('what was taken stays as it is while more arrives', t => {
  const decoder = new FrameDecoder()
  const bytes = frameOf('x'.repeat(1000))
  decoder.append(bytes.subarray(0, 500))
  decoder.take()
  decoder.append(bytes.subarray(500))
  const taken = decoder.take()
  for (const piece of cutAt(frameOf('y'.repeat(1000)), [300, 600])) {
    decoder.append(piece)
    decoder.take()
  }
  t.deepEqual(taken, E.right(O.some(Buffer.from('x'.repeat(1000)))))
})

test('after a take that found nothing, the pieces belong to their owner again', t => {
  const decoder = new FrameDecoder()
  const piece = Buffer.from(frameOf('hello').subarray(0, 7))
  decoder.append(piece)
  decoder.take()
  piece.fill(0xff)
  decoder.append(Buffer.from('lo'))
  t.deepEqual(decoder.take(), E.right(O.some(Buffer.from('hello'))))
})

test('16 MiB are taken, one byte more is refused from the four bytes alone', t => {
  const largest = Buffer.alloc(MAX_FRAME_BYTES, 0x61)
  const decoder = new FrameDecoder()
  for (let at = 0, bytes = frameOf(largest); at < bytes.length; at += 65_536) {
    decoder.append(bytes.subarray(at, at + 65_536))
    if (at + 65_536 < bytes.length) t.is(decoder.take(), decoder.take())
  }
  const taken = decoder.take()
  t.true(E.isRight(taken) && O.isSome(taken.right) && taken.right.value.equals(largest))
  t.is(decoder.buffered, 0)

  decoder.append(header(MAX_FRAME_BYTES + 1))
  t.deepEqual(
    decoder.take(),
    E.left(
      wireError('FrameTooLong', 'a frame of 16777217 bytes: at most 16777216 bytes are allowed'),
    ),
  )
})

test('a refused connection stays refused and holds nothing', t => {
  const decoder = new FrameDecoder(10)
  decoder.append(header(11))
  const refusal = decoder.take()
  decoder.append(frameOf('fine'))
  t.is(decoder.take(), refusal)
  t.is(decoder.end(), refusal)
  t.is(decoder.buffered, 0)
})

test('a length is refused when its last byte comes alone, too', t => {
  t.deepEqual(
    feed(new FrameDecoder(10), [
      frameOf('fine'),
      header(11).subarray(0, 3),
      header(11).subarray(3),
    ]),
    {
      texts: ['fine'],
      error: wireError('FrameTooLong', 'a frame of 11 bytes: at most 10 bytes are allowed'),
    },
  )
})

test('an HTTP client at the socket is told what its first bytes were', t => {
  t.deepEqual(feed(new FrameDecoder(), [Buffer.from('GET / HTTP/1.1\r\n')]), {
    texts: [],
    error: wireError(
      'FrameTooLong',
      'a frame of 1195725856 bytes: at most 16777216 bytes are allowed (its first four bytes are the text "GET ", no length)',
    ),
  })
})

test('an end within the length or within the text is a cut frame', t => {
  const cut = (length: number) =>
    feed(new FrameDecoder(), [frameOf('fine'), frameOf('hello').subarray(0, length)])
  t.deepEqual(cut(0), { texts: ['fine'], error: undefined })
  t.deepEqual(cut(2), {
    texts: ['fine'],
    error: wireError(
      'FrameCut',
      'the connection ended within the length of a message: 2 of 4 bytes came',
    ),
  })
  t.deepEqual(cut(7), {
    texts: ['fine'],
    error: wireError('FrameCut', 'the connection ended within a message: 3 of 5 bytes came'),
  })
})

test.serial(
  'memory is taken for what came and not for what was announced, and a byte is copied a few times at most',
  t => {
    const { allocUnsafe } = Buffer
    const sizes: number[] = []
    let received = 0
    let excess = 0
    Buffer.allocUnsafe = size => {
      sizes.push(size)
      excess = Math.max(excess, size - Math.max(256, 2 * received))
      return allocUnsafe(size)
    }
    t.teardown(() => {
      Buffer.allocUnsafe = allocUnsafe
    })

    const decoder = new FrameDecoder()
    const send = (bytes: Uint8Array): void => {
      received += bytes.length
      decoder.append(bytes)
      decoder.take()
    }
    send(header(MAX_FRAME_BYTES))
    t.deepEqual(sizes, [256])

    const piece = Buffer.from('x')
    const sent = 1 << 20
    for (let i = 0; i < sent; i += 1) send(piece)
    t.is(decoder.buffered, sent + 4)
    t.is(excess, 0)
    t.true(sizes.reduce((sum, size) => sum + size, 0) < 4 * sent + 1000)
  },
)
