import test from 'ava'
import { t as codec } from '../../lib/fp.js'
import { Get, Plugin, Post } from '../../lib/index.js'
import { testPlugin } from '../../lib/testing/index.js'

/**
 * Texts and their fields, as the URL standard says
 * (https://url.spec.whatwg.org/#urlencoded-parsing); the texts are kinds of its own test suite
 * (web-platform-tests, `url/urlencoded-parser.any.js`).
 */
const CASES: ReadonlyArray<readonly [text: string, fields: Record<string, string | string[]>]> = [
  ['test', { test: '' }],
  ['﻿test=﻿', { '﻿test': '﻿' }],
  ['%EF%BB%BFtest=%EF%BB%BF', { '﻿test': '﻿' }],
  ['%EF%BF%BF=%EF%BF%BF', { '￿': '￿' }],
  ['%FE%FF', { '��': '' }],
  ['%FF%FE', { '��': '' }],
  ['†&†=x', { '†': ['', 'x'] }],
  ['%C2', { '�': '' }],
  ['%C2x', { '�x': '' }],
  ['a=b&&c=d&', { a: 'b', c: 'd' }],
  ['a&=b', { a: '', '': 'b' }],
  ['a==b=', { a: '=b=' }],
  ['+=+&%2B=%2B', { ' ': ' ', '+': '+' }],
  ['%61+%4d%4D=', { 'a MM': '' }],
  ['a=%&b=%2sf%2a&c=%2%2af%2a&d=%%2a', { a: '%', b: '%2sf*', c: '%2*f*', d: '%*' }],
  ['a=1&A=2', { a: '1', A: '2' }],
  ['_charset_=windows-1252&test=%C2x', { _charset_: 'windows-1252', test: '�x' }],
]

@Plugin({ id: 'forms', name: 'Forms', version: '1.0.0', icon: '📝', route: '/forms' })
class Forms {
  @Get('/')
  query(req: { query: Record<string, unknown> }) {
    return { fields: req.query }
  }

  @Post('/', { body: codec.UnknownRecord })
  form(req: { body: Record<string, unknown> }) {
    return { fields: req.body }
  }
}

const parsed = (text: string | null): unknown => JSON.parse(text ?? '')

test('a query and a form have the fields that the URL standard gives them', async t => {
  const plugin = testPlugin(new Forms())
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const [text, fields] of CASES) {
    const query = (await plugin.get(`/?${text}`)).body
    const form = (await plugin.post('/', text, { headers })).body
    t.deepEqual([query, form].map(parsed), [{ fields }, { fields }], text)
  }
})
