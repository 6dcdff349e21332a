import * as t from 'io-ts'

const Note = t.type({
  title: t.string,
  body: t.string,
  tags: t.array(t.string),
  done: t.boolean,
  priority: t.number,
  meta: t.type({ author: t.string, created: t.string }),
  comments: t.array(t.type({ by: t.string, text: t.string })),
})
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
const fs = {
  is: () => Note.is(note),
  decode: () => Note.decode(note),
  parse: () => JSON.parse(s),
  stringify: () => JSON.stringify(note),
  str2: () => JSON.stringify(s),
}
const best = {}
for (let r = 0; r < 80; r++)
  for (const [k, f] of Object.entries(fs)) {
    const t0 = performance.now()
    for (let i = 0; i < 2000; i++) f()
    best[k] = Math.min(best[k] ?? 9e9, (performance.now() - t0) / 2)
  }
console.log(best)
