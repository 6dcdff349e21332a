import test from 'ava'
import { jsonHeaders, jsonString, jsonText } from '../../lib/wire/json-text.js'
import fc, { runs } from '../support/properties.js'

test('a lone surrogate becomes U+FFFD, a pair stays', t => {
  t.is(jsonString('a\ud800b'), '"a\ufffdb"')
  t.is(jsonString('🔌'), '"🔌"')
  t.is(jsonString(String.raw`\ud800`), String.raw`"\\ud800"`)
  t.is(jsonString(null), 'null')
})

test('headers keep their order, and a name like __proto__ is a name', t => {
  const headers = Object.fromEntries([
    ['b', '1'],
    ['__proto__', '2'],
    ['a\ud800', '"'],
  ])
  t.is(jsonHeaders(headers), '{"b":"1","__proto__":"2","a\ufffd":"\\""}')
  t.is(jsonHeaders({}), '{}')
})

test('any value is written with well-formed strings only, names included', t => {
  const wellFormed = (value: unknown): unknown => {
    if (typeof value === 'string') return value.toWellFormed()
    if (Array.isArray(value)) return value.map(wellFormed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
    )
  }
  const text = fc.string({
    unit: fc.constantFrom('a', '\\', 'u', 'd', '8', '0', '"', '\ud800', '\udc00', '\n'),
  })
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        fc.array(text),
        fc.tuple(text, text).map(([name, value]) => ({ [name]: value })),
      ),
      value => {
        t.deepEqual(JSON.parse(jsonText(value) ?? ''), wellFormed(value))
      },
    ),
    runs(500),
  )
  t.is(jsonText(undefined), undefined)
})
