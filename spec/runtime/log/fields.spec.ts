import test from 'ava'
import { safeFields, safeMessage } from '../../../lib/runtime/log/fields.js'
import { redactorOf } from '../../../lib/runtime/log/redact.js'

const plain = (text: string): string => text

test('a lone surrogate, which the host cannot read, becomes U+FFFD', t => {
  const given = {
    'n\ud800': 'v\udc00',
    deep: { 'm\ud83d': ['w\ud83d'] },
    error: new Error('e\ud83d'),
  }
  const { fields, error } = safeFields(given, plain)
  t.deepEqual(fields, { 'n\ufffd': 'v\ufffd', deep: { 'm\ufffd': ['w\ufffd'] } })
  t.true(error?.startsWith('Error: e\ufffd\n'))
  t.is(safeMessage('m\ud800', plain), 'm\ufffd')
})

test('__proto__ is a field like any other, at any depth', t => {
  const text = '{"__proto__":{"a":1},"b":{"__proto__":{"c":2}}}'
  t.is(JSON.stringify(safeFields(JSON.parse(text), plain).fields), text)
})

test('a secret is not shown in an error inside a field', t => {
  const error = new Error('outer topsecret', { cause: new Error('inner topsecret') })
  const { fields } = safeFields(
    { failed: error, all: [{ of: new Map([['them', error]]) }] },
    redactorOf(['topsecret']),
  )
  const shown = JSON.stringify(fields)
  t.is(shown.split('[secret]').length, 5)
  t.false(shown.includes('topsecret'))
})
