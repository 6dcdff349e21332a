import test from 'ava'
import { lineSplitter, MAX_PIECE } from '../../../lib/runtime/log/line-splitter.js'
import { jsonBytes } from '../../../lib/runtime/log/log-line.js'

test('a long line is cut into pieces that fit an entry, between characters', t => {
  for (const character of ['x', '漢', '😀', '\u001b']) {
    const pieces: string[] = []
    const lines = lineSplitter(piece => pieces.push(piece))
    const line = character.repeat(5000)
    lines.push(`${line}\n`)
    t.is(pieces.join(''), line)
    t.true(pieces.every(piece => piece.isWellFormed() && jsonBytes(piece) <= MAX_PIECE))
    t.true(pieces.length <= 11)
  }
})

test('text without a newline does not accumulate', t => {
  let emitted = 0
  const lines = lineSplitter(piece => {
    emitted += piece.length
  })
  for (let count = 0; count < 1000; count += 1) lines.push('x'.repeat(100))
  t.true(emitted > 90_000)
  lines.flush()
  t.is(emitted, 100_000)
})

test('printing while an entry is made makes no other entry', t => {
  const pieces: string[] = []
  const lines = lineSplitter(piece => {
    pieces.push(piece)
    lines.push('again\n')
    lines.push('and again')
  })
  lines.push('one\ntwo\n')
  lines.flush()
  t.deepEqual(pieces, ['one', 'two'])
})
