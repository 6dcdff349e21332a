import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { decodeText } from '../../../lib/domain/text/decode-text.js'

const TEXT = '{"name": "Zoë \ufeff"}'
const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
const wide = (text: string): Buffer =>
  Buffer.concat([...text].map(character => Buffer.from(`${character}\0`, 'utf16le')))

test('a text is read with and without a byte order mark', t => {
  t.deepEqual(decodeText(Buffer.from(TEXT)), E.right(TEXT))
  t.deepEqual(decodeText(Buffer.from(`\ufeff${TEXT}`)), E.right(TEXT))
  t.deepEqual(decodeText(Buffer.from('')), E.right(''))
  t.deepEqual(decodeText(Buffer.from('a\0bc')), E.right('a\0bc'))
})

for (const [what, bytes] of [
  ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16', big(`\ufeff${TEXT}`)],
  ['UTF-16', Buffer.from('{"a": "日本語"}'.slice(0, 6), 'utf16le')],
  ['UTF-16', big('{"a": 1}')],
  ['UTF-16', Buffer.from('5', 'utf16le')],
  ['UTF-32', wide(`\ufeff${TEXT}`)],
  ['not UTF-8', Buffer.from(TEXT, 'latin1')],
  ['not UTF-8', Buffer.from([0xc0, 0xaf])],
  ['not UTF-8', Buffer.from('{"a": "日本語"}', 'utf16le')],
] as const) {
  test(`${bytes.toString('hex').slice(0, 16)}… is ${what}, and the error says so`, t => {
    t.deepEqual(decodeText(bytes), E.left(`it is ${what}: save it as UTF-8`))
  })
}
