import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import {
  jsonFaultText,
  parseJsonText,
  parseMessageText,
  parseTrustedText,
} from '../../../lib/domain/text/parse-json.js'
import fc, { runs } from '../../support/properties.js'

const proto = (path: string) => E.left({ _tag: 'ForbiddenKey', path, key: '__proto__' })

for (const [text, path] of [
  ['{"__proto__":null}', '__proto__'],
  ['{"__proto__" \n\t: 1}', '__proto__'],
  [String.raw`{"\u005f_pr\u006Fto__":{}}`, '__proto__'],
  [String.raw`{"\u005F\u005F\u0070\u0072\u006f\u0074\u006f\u005f\u005f":{}}`, '__proto__'],
  ['[0,{"a.b":[{"__proto__":1}]}]', '1.a.b.0.__proto__'],
  ['\ufeff{"__proto__":1}', '__proto__'],
] as const) {
  test(`the key __proto__ in ${text} is named with its place`, t => {
    for (const parse of [parseJsonText, parseMessageText, parseTrustedText])
      t.deepEqual(parse(text), proto(path))
    t.is(
      E.match(jsonFaultText, () => undefined)(parseJsonText(text)),
      `it has the key "__proto__" at ${path}, which could change the prototype of an object`,
    )
  })
}

test('the key constructor is one like any other, unless it leads to a prototype', t => {
  t.deepEqual(
    parseJsonText('{"constructor":{"name":"a"}}'),
    E.right({ constructor: { name: 'a' } }),
  )
  t.deepEqual(parseJsonText('{"constructor":null,"prototype":{}}'), {
    ...E.right({ constructor: null, prototype: {} }),
  })
  t.deepEqual(
    parseJsonText(String.raw`{"a":{"constructor":{"\u0070rototype":{}}}}`),
    E.left({
      _tag: 'ForbiddenKey',
      path: 'a.constructor.prototype',
      key: 'constructor.prototype',
    }),
  )
})

test('a text about __proto__ is a text', t => {
  for (const value of [
    '__proto__',
    { a: '{"__proto__":1}' },
    { __proto: 1, proto__: 2, _: '\\u005f' },
  ])
    t.deepEqual(parseJsonText(JSON.stringify(value)), E.right(value))
})

test('in a message __proto__ may be the name of a header, and nothing else', t => {
  const text = '{"headers":{"__proto__":"a"}}'
  t.deepEqual(parseMessageText(text), E.right(JSON.parse(text)))
  for (const value of ['{}', 'null', '[]', '1'])
    t.deepEqual(parseMessageText(`{"headers":{"__proto__":${value}}}`), proto('headers.__proto__'))
})

test('a number that is none in JavaScript is named with its place', t => {
  for (const number of ['1e999', '-1E+309', `1${'0'.repeat(309)}`])
    t.deepEqual(
      parseJsonText(`{"a":[${number}]}`),
      E.left({ _tag: 'InfiniteNumber', path: 'a.0' }),
      number,
    )
  for (const number of ['1.7976931348623157e308', '1e-999', '123456789012345678901234567890'])
    t.deepEqual(parseJsonText(number), E.right(Number(number)))
})

test('what is no JSON has a reason without a quotation of it', t => {
  const reasons = ['', 'undefined', '{"secret', '{\u0000"\u0000}\u0000', '\u00005'].map(text => {
    const parsed = parseJsonText(text)
    return E.isLeft(parsed) ? jsonFaultText(parsed.left) : ''
  })
  t.deepEqual(
    reasons.map(reason => reason.replace(/Unterminated.*/, '…')),
    [
      'it is not JSON: it is empty',
      'it is not JSON: it is no JSON value',
      'it is not JSON: …',
      'it is not JSON: it is UTF-16, and must be UTF-8',
      'it is not JSON: it is UTF-16, and must be UTF-8',
    ],
  )
})

test('a text of any depth that a tool reads is a value or a fault', t => {
  const deep = `${'['.repeat(500_000)}{"__proto__":1}${']'.repeat(500_000)}`
  t.is(parseTrustedText(deep)._tag, 'Left')
})

const NAMES = ['__proto__', 'constructor', 'prototype', 'a'] as const

/** Whether a value has a key that is forbidden, found by its definition. */
const isForbidden = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(
    ([key, member]) =>
      key === '__proto__' ||
      (key === 'constructor' &&
        typeof member === 'object' &&
        member !== null &&
        Object.hasOwn(member, 'prototype')) ||
      isForbidden(member),
  )

test('any text is parsed as JSON.parse does, or has a forbidden key', t => {
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom<unknown[]>(1, 'x', '__proto__":', null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 3 })
        .map(pairs => Object.fromEntries(pairs)),
    ),
  }))
  const escaped = (text: string): string =>
    text.replace(/[_p]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  fc.assert(
    fc.property(value, fc.boolean(), (parsed, isEscaped) => {
      const text = isEscaped ? escaped(JSON.stringify(parsed)) : JSON.stringify(parsed, null, 1)
      const result = parseJsonText(text)
      if (isForbidden(parsed)) t.true(E.isLeft(result) && result.left._tag === 'ForbiddenKey')
      else t.deepEqual(result, E.right(parsed))
    }),
    runs(300),
  )
})
