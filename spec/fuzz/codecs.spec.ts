import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { DialectName } from '../../lib/wire/dialect.js'
import { decodeBytes, dialectOf, dialects } from '../../lib/wire/dialects.js'
import fc, { runs } from '../support/properties.js'
import { answer, canonical, hostMessage, requestId } from './arbitraries.js'

const STAMP = '2026-01-15T10:00:00Z'
const NAMES = ['documented', 'nested', 'tagged'] as const

/** An id that is absent or `null` is the empty text in `tagged`, which has no other. */
const idIn = (name: DialectName, id: string | null | undefined) =>
  name === 'tagged' ? (id ?? '') : id

for (const name of NAMES) {
  const dialect = dialects[name]

  test(`${name}: any message is read as what was written`, t => {
    fc.assert(
      fc.property(hostMessage(name === 'tagged'), message => {
        const text = dialect.encodeMessage(message, STAMP)
        const expected =
          'requestId' in message
            ? { ...message, requestId: idIn(name, message.requestId) }
            : message
        t.is(canonical(dialect.decode(JSON.parse(text))), canonical(E.right(expected)))
        const incoming = decodeBytes(Buffer.from(text))
        t.is(canonical(E.isRight(incoming) && incoming.right.message), canonical(expected))
        // Only an HTTP request looks different in `nested`; the rest is read as `documented`, which
        // means the same.
        const spoken = name === 'nested' && message._tag !== 'Http' ? 'documented' : name
        t.is(dialectOf(JSON.parse(text)).name, spoken)
      }),
      runs(80),
    )
  })

  test(`${name}: any answer is read as what was written`, t => {
    fc.assert(
      fc.property(requestId, answer, (id, given) => {
        const text = dialect.encodeAnswer(id, given, STAMP)
        t.true(text.isWellFormed())
        // The host's parser takes no escape of half a surrogate pair.
        t.false(/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text))
        t.is(
          canonical(dialect.decodeAnswer(JSON.parse(text))),
          canonical(E.right({ requestId: idIn(name, id), answer: given })),
        )
      }),
      runs(80),
    )
  })

  test(`${name}: any JSON value is a message or an error that says why, in few words`, t => {
    const parts = fc.letrec(tie => ({
      value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object')),
      leaf: fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom(
          'http',
          'kv',
          'lifecycle',
          'get',
          'Get',
          'init',
          'ping',
          STAMP,
          'RESPONSE',
          null,
        ),
      ),
      object: fc
        .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 8 })
        .map(pairs => Object.fromEntries([['type', 'http'], ['timestamp', STAMP], ...pairs])),
    }))
    fc.assert(
      fc.property(parts.object, message => {
        for (const decoded of [dialect.decode(message), dialect.decodeAnswer(message)]) {
          const why = decoded._tag === 'Left' ? decoded.left.message : 'none'
          t.true(why.length > 0 && why.length < 2000)
        }
      }),
      runs(80),
    )
  })
}

const KEYS = [
  'type',
  'payload',
  'request_id',
  'method',
  'path',
  'headers',
  'body',
  'status',
  'action',
  'key',
  'value',
  'instance_id',
] as const
