import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { MAX_FRAME_BYTES } from '../../lib/domain/host.js'
import { encodeFrame } from '../../lib/wire/frames.js'
import { framingOf, framings } from '../../lib/wire/framing.js'
import { encodeLine } from '../../lib/wire/lines.js'
import { wireError } from '../../lib/wire/wire-error.js'
import { feed } from './decoding.js'

const TOO_LONG = E.left(
  wireError('FrameTooLong', 'a message of 16777217 bytes: at most 16777216 bytes are allowed'),
)

const bytesOf = (encoded: E.Either<unknown, Uint8Array>): Uint8Array =>
  E.isRight(encoded) ? encoded.right : Buffer.alloc(0)

test('a first byte that begins JSON text means lines, every other one frames', t => {
  const ofLines = Array.from({ length: 256 }, (_, byte) => byte).filter(
    byte => framingOf(byte).name === 'lines',
  )
  t.is(String.fromCharCode(...ofLines), '\t\n\r {')
})

test('no length within the limit begins like a line', t => {
  t.is(framingOf(MAX_FRAME_BYTES >>> 24).name, 'frames')
  t.is(framingOf(0).name, 'frames')
})

test('a frame is four bytes of length, big-endian, and UTF-8', t => {
  t.deepEqual(
    encodeFrame('"Zoë 🔌"'),
    E.right(
      Buffer.from([0, 0, 0, 11, 0x22, 0x5a, 0x6f, 0xc3, 0xab, 0x20, 0xf0, 0x9f, 0x94, 0x8c, 0x22]),
    ),
  )
  t.deepEqual(encodeFrame(''), E.right(Buffer.from([0, 0, 0, 0])))
})

test('a line is the text and a line feed, and has no other', t => {
  t.deepEqual(encodeLine('{"a":\r\n1}'), E.right(Buffer.from('{"a":  1}\n')))
})

test('both measure bytes, not characters, and refuse more than 16 MiB', t => {
  const fits = 'é'.repeat(MAX_FRAME_BYTES / 2)
  const frame = encodeFrame(fits)
  t.true(E.isRight(frame) && frame.right.length === MAX_FRAME_BYTES + 4)
  t.true(E.isRight(encodeLine(fits)))
  t.deepEqual(encodeFrame(`${fits}a`), TOO_LONG)
  t.deepEqual(encodeLine(`${fits}a`), TOO_LONG)
})

test('what a framing encodes its decoder gives back', t => {
  const texts = ['{"a":1}', '[]', '"Zoë 🔌"']
  for (const framing of Object.values(framings)) {
    const pieces = texts.map(text => bytesOf(framing.encode(text)))
    t.deepEqual(feed(framing.decoder(), pieces), { texts, error: undefined }, framing.name)
    t.is(framings[framing.name], framing)
  }
})

test('a decoder takes its limit from the framing', t => {
  for (const framing of Object.values(framings)) {
    const pieces = [bytesOf(framing.encode('"12345678901"'))]
    t.is(feed(framing.decoder(10), pieces).error?._tag, 'FrameTooLong', framing.name)
  }
})
