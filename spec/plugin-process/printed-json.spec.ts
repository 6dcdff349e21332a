import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { printedJson } from '../../lib/plugin-process/printed-json.js'

const METADATA = `${JSON.stringify({ id: 'a', route: '/a', tags: [{ a: 1 }] }, null, 2)}\n`
const json = JSON.parse(METADATA) as unknown

test('what a plugin writes to its own descriptor counts, and every other line of stdout is noise', t => {
  const read = (stdout: string) => printedJson(stdout, METADATA, 'route')
  t.deepEqual(read(METADATA), E.right({ json, noise: [] }))
  t.deepEqual(
    read(`hello\n${METADATA}\n{"route":"bye"}\n`),
    E.right({ json, noise: ['hello', '{"route":"bye"}'] }),
  )
  t.deepEqual(read('no copy'), E.right({ json, noise: ['no copy'] }))
})

test('otherwise it is the last object with the key that stands on lines of its own', t => {
  const read = (stdout: string) => printedJson(stdout, '', 'route')
  t.deepEqual(read(METADATA), E.right({ json, noise: [] }))
  t.deepEqual(
    read(`{"level":30}\nhello {\n${METADATA}{"level":30}\r\nbye }\n`),
    E.right({ json, noise: ['{"level":30}', 'hello {', '{"level":30}\r', 'bye }'] }),
  )
  t.deepEqual(read('a\n{"b":1}\n{"c":2}\n'), E.right({ json: { c: 2 }, noise: ['a', '{"b":1}'] }))
  t.deepEqual(read('"text"'), E.right({ json: 'text', noise: [] }))
  t.like(read('{"a":{"__proto__":{}}}'), { left: { _tag: 'ForbiddenKey' } })
  for (const nothing of ['', 'hello', '{', '{"a":1} hello'])
    t.like(read(nothing), { left: { _tag: 'NotJson' } })
})
