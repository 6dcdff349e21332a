import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { parseMessage, quotation } from '../../lib/wire/parse-message.js'
import { wireError } from '../../lib/wire/wire-error.js'

const notJson = (reason: string) =>
  E.left(wireError('InvalidJson', `a message is not JSON: ${reason}`))
const parseText = (text: string) => parseMessage(Buffer.from(text))

test('UTF-8 JSON is parsed, from a Buffer and from any other bytes', t => {
  t.deepEqual(parseText('{"a":"Zoë 🔌"}'), E.right({ a: 'Zoë 🔌' }))
  t.deepEqual(parseMessage(new TextEncoder().encode('["Zoë 🔌"]')), E.right(['Zoë 🔌']))
})

test('bytes that are not UTF-8 are refused and never replaced', t => {
  const refused = (...bytes: ReadonlyArray<number>) =>
    parseMessage(Buffer.from([0x22, ...bytes, 0x22]))
  t.deepEqual(
    refused(0xff),
    E.left(wireError('InvalidUtf8', 'a message of 3 bytes is not UTF-8: ""ÿ""')),
  )
  // A surrogate in UTF-8, an overlong slash, a cut character, a number past the last character.
  for (const bytes of [
    [0xed, 0xa0, 0x80],
    [0xc0, 0xaf],
    [0xe2, 0x82],
    [0xf5, 0x80, 0x80, 0x80],
  ]) {
    const parsed = refused(...bytes)
    t.true(E.isLeft(parsed) && parsed.left._tag === 'InvalidUtf8')
  }
})

test('what is not JSON is refused with the reason and its beginning', t => {
  t.deepEqual(parseText(''), notJson('it is empty'))
  t.deepEqual(parseText('hello'), notJson(`Unexpected token 'h': "hello"`))
  t.deepEqual(parseText('undefined'), notJson('it is no JSON value: "undefined"'))
  t.deepEqual(parseText('{"a":'), notJson('Unexpected end of JSON input: "{"a":"'))
  t.deepEqual(parseText('\u0007{}'), notJson(String.raw`Unexpected token '\u0007': "\u0007{}"`))
  t.regex(JSON.stringify(parseText('{} {}')), /a message is not JSON: .+ at position 3/)
})

test('a byte order mark is refused by name', t => {
  t.deepEqual(
    parseText('\ufeff{}'),
    notJson(String.raw`it begins with a byte order mark (U+FEFF): "\ufeff{}"`),
  )
})

test('a quotation has at most 80 characters, whatever it quotes', t => {
  t.is(quotation('x'.repeat(77)), `"${'x'.repeat(77)}"`)
  for (const text of [
    'x'.repeat(81),
    '\u0000'.repeat(100),
    '🔌'.repeat(100),
    '\ud800'.repeat(100),
    'x'.repeat(1_000_000),
  ]) {
    const quoted = quotation(text)
    t.true(quoted.length <= 80 && quoted.endsWith('…"'), quoted)
  }
})

test('a quotation shows what cannot be seen', t => {
  t.is(
    quotation('a\n\u001b[31m\u202e\u2028\ud800b'),
    String.raw`"a\u000a\u001b[31m\u202e\u2028\ud800b"`,
  )
})

test('the reason of a long text is short', t => {
  const parsed = parseText(`{"a":"${'x'.repeat(1000)}" y`)
  t.true(E.isLeft(parsed) && parsed.left.message.length < 200)
})
