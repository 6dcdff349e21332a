import { toAnswer } from '../dist/lib/dispatch/answer.js'
import { beyondBounds, parseJsonText } from '../dist/lib/domain/json-bounds.js'
import { json } from '../dist/lib/domain/response.js'
import { encodeFrame } from '../dist/lib/wire/frame.js'
import { jsonMessage, jsonResponse, jsonString } from '../dist/lib/wire/json-text.js'

const note = {
  title: 'x'.repeat(40),
  body: 'lorem ipsum '.repeat(40),
  tags: ['a', 'b', 'c'],
  done: false,
  priority: 3,
  meta: { author: 'me', created: '2026-01-01' },
  comments: Array.from({ length: 5 }, (_, i) => ({ by: 'user' + i, text: 'some text of a comment ' + i })),
}
const s = JSON.stringify(note)
const r = json(note),
  a = toAnswer(r).right
const inner = jsonResponse(a)
const outer = `{"type":"http","request_id":"x","payload":${jsonString(inner)}}`
const fs = {
  parse: () => JSON.parse(s),
  parseJsonText: () => parseJsonText(s),
  bounds: () => beyondBounds(s, 250000),
  json: () => json(note),
  stringify: () => JSON.stringify(note),
  toAnswer: () => toAnswer(r),
  jsonResponse: () => jsonResponse(a),
  jsonString: () => jsonString(inner),
  strInner: () => JSON.stringify(inner),
  wf: () => (inner + '').isWellFormed(),
  encodeFrame: () => encodeFrame(outer + ''),
  bl: () => Buffer.byteLength(outer),
  whole: () => encodeFrame(jsonMessage('http', 't', '"x"', `{"a":${jsonString(jsonResponse(a))}}`)),
}
const best = {}
for (let r = 0; r < 80; r++)
  for (const [k, f] of Object.entries(fs)) {
    const t0 = performance.now()
    for (let i = 0; i < 2000; i++) f()
    best[k] = Math.min(best[k] ?? 9e9, (performance.now() - t0) / 2)
  }
console.log(best, s.length)
