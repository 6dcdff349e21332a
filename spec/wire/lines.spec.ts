import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { MAX_FRAME_BYTES } from '../../lib/domain/host.js'
import { LineDecoder } from '../../lib/wire/lines.js'
import { wireError } from '../../lib/wire/wire-error.js'
import fc, { runs } from '../support/properties.js'
import { cutAt, feed } from './decoding.js'

const feedText = (...pieces: ReadonlyArray<string>) =>
  feed(
    new LineDecoder(),
    pieces.map(piece => Buffer.from(piece)),
  )
const tooLong = (length: number) =>
  wireError('FrameTooLong', `a line of ${length} bytes: at most 10 bytes are allowed`)

test('any list of JSON values in any split, with any ends and blank lines, decodes to the same list', t => {
  const blank = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n \t\r\n')
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.json(), blank)), fc.array(fc.nat(2000)), (rows, places) => {
      const bytes = Buffer.from(rows.flat().join(''))
      t.deepEqual(feed(new LineDecoder(), cutAt(bytes, places)), {
        texts: rows.map(([text]) => text),
        error: undefined,
      })
    }),
    runs(300),
  )
})

test('the last line counts without an end when the sender has ended, and not before', t => {
  const decoder = new LineDecoder()
  decoder.append(Buffer.from('{"a":1}\n{"b":2}'))
  t.deepEqual(decoder.take(), E.right(O.some(Buffer.from('{"a":1}'))))
  t.deepEqual(decoder.take(), E.right(O.none))
  t.is(decoder.buffered, 7)
  t.deepEqual(decoder.end(), E.right(O.some(Buffer.from('{"b":2}'))))
  t.deepEqual(decoder.end(), E.right(O.none))
})

test('blank lines are no messages, at the end neither', t => {
  t.deepEqual(feedText('\n\r\n  \n', '\t', '\n{}\n \r'), { texts: ['{}'], error: undefined })
  t.deepEqual(feedText(), { texts: [], error: undefined })
})

test('the end of a line may come in two pieces', t => {
  t.deepEqual(feedText('{}\r', '\n[]\r', '\n'), { texts: ['{}', '[]'], error: undefined })
})

test('a line that lies whole within a piece is a view of that piece', t => {
  const piece = Buffer.from('{"a":1}\n{"b":2}\n')
  const decoder = new LineDecoder()
  decoder.append(piece)
  const taken = decoder.take()
  t.true(E.isRight(taken) && O.isSome(taken.right) && taken.right.value.buffer === piece.buffer)
})

test('a line of exactly the limit is taken, whatever its end', t => {
  for (const end of ['', '\n', '\r\n', '\r']) {
    const bytes = Buffer.from(`0123456789${end}`)
    t.deepEqual(
      feed(
        new LineDecoder(10),
        [...bytes].map(byte => Uint8Array.of(byte)),
      ),
      { texts: ['0123456789'], error: undefined },
    )
  }
})

test('a longer line is refused without waiting for its end', t => {
  const refused = (text: string) =>
    feed(new LineDecoder(10), [
      Buffer.from('[]\n'),
      ...[...Buffer.from(text)].map(byte => Uint8Array.of(byte)),
    ])
  t.deepEqual(refused('01234567890'), { texts: ['[]'], error: tooLong(11) })
  t.deepEqual(refused('0123456789\rx'), { texts: ['[]'], error: tooLong(12) })
  t.deepEqual(feed(new LineDecoder(10), [Buffer.from('01234567890\n')]), {
    texts: [],
    error: tooLong(11),
  })
})

test('a refused connection stays refused and holds nothing', t => {
  const decoder = new LineDecoder(10)
  decoder.append(Buffer.alloc(12, 0x20))
  const refusal = decoder.take()
  t.deepEqual(refusal, E.left(tooLong(12)))
  decoder.append(Buffer.from('\n{}\n'))
  t.is(decoder.take(), refusal)
  t.is(decoder.end(), refusal)
  t.is(decoder.buffered, 0)
})

test('the limit is 16 MiB', t => {
  const decoder = new LineDecoder()
  decoder.append(Buffer.alloc(MAX_FRAME_BYTES, 0x31))
  t.deepEqual(decoder.take(), E.right(O.none))
  decoder.append(Buffer.from('1'))
  t.deepEqual(
    decoder.take(),
    E.left(
      wireError('FrameTooLong', 'a line of 16777217 bytes: at most 16777216 bytes are allowed'),
    ),
  )
})
