import { PassThrough } from 'node:stream'
import test from 'ava'
import { andLastWords, collectText, lastWords } from '../../lib/plugin-process/output.js'

test('of what a process wrote the last is kept', async t => {
  const stream = new PassThrough()
  const text = collectText(stream, 5)
  for (const piece of ['on', 'e two']) stream.write(piece)
  await new Promise(resolve => setImmediate(resolve))
  t.is(text(), 'e two')
})

test('the last words begin with the line that names an error', t => {
  t.is(
    lastWords('starting\nTypeError: x is not a function\n    at main.js:1:1\n\nNode.js v22.1.0\n'),
    'TypeError: x is not a function\n    at main.js:1:1\nNode.js v22.1.0',
  )
  t.is(lastWords('starting\nport 80 is taken\n'), 'port 80 is taken')
  t.is(
    lastWords('{"level":"Error","message":"it failed","error":"no \\"disk\\""}\n'),
    'it failed: no "disk"',
  )
  t.is(lastWords('{"level":"Info","message":"all is well"}\n'), '')
})

test('a process that said nothing has no last words', t => {
  t.deepEqual(['\n', 'no disk'].map(andLastWords), ['', '; it wrote: no disk'])
})
