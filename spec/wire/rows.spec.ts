import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { Headers } from '../../lib/domain/http.js'
import type { Answer, HostMessage } from '../../lib/domain/message.js'
import type { Reply } from '../../lib/wire/dialect.js'
import { dialects } from '../../lib/wire/dialects.js'
import type { Row } from '../../lib/wire/row.js'
import { answer, canonical, hostMessage, requestId } from '../fuzz/arbitraries.js'
import fc, { runs } from '../support/properties.js'

const STAMP = '2026-01-15T10:00:00.123456789Z'

/** An arbitrary of the messages or answers with one tag. */
const tagged = <M extends { readonly _tag: string }, Tag extends M['_tag']>(
  arbitrary: fc.Arbitrary<M>,
  tag: Tag,
) =>
  arbitrary.filter((message): message is Extract<M, { readonly _tag: Tag }> => message._tag === tag)

/** Names that differ only in lone surrogates become one: then no text is that of an object. */
const hasDistinctNames = ({ headers }: { readonly headers: Headers }): boolean => {
  const names = Object.keys(headers)
  return new Set(names.map(name => name.toWellFormed())).size === names.length
}

const replyOf = <A extends Answer>(answers: fc.Arbitrary<A>): fc.Arbitrary<Reply<A>> =>
  fc.record({ requestId, answer: answers })

for (const { name, rows } of Object.values(dialects)) {
  const sent = <Tag extends HostMessage['_tag']>(tag: Tag) =>
    tagged(hostMessage(name === 'tagged'), tag)

  /** A request without an id has an empty one in `tagged`, which has no other. */
  const read = <M extends object>(message: M): M =>
    name === 'tagged' && 'requestId' in message
      ? { ...message, requestId: message.requestId ?? '' }
      : message

  const check = <M extends object>(kind: string, row: Row<M>, messages: fc.Arbitrary<M>): void =>
    test(`${name}: ${kind} is written as the JSON text of what its codec encodes`, t => {
      fc.assert(
        fc.property(messages, message => {
          const text = row.write(message, STAMP)
          const parsed: unknown = JSON.parse(text)
          t.true(row.codec.is(parsed))
          t.is(JSON.stringify(row.codec.encode(parsed)), text)
          t.is(canonical(row.decode(parsed)), canonical(E.right(read(message))))
        }),
        runs(60),
      )
    })

  check('Init', rows.Init, sent('Init'))
  check('Shutdown', rows.Shutdown, sent('Shutdown'))
  check('UnknownLifecycle', rows.UnknownLifecycle, sent('UnknownLifecycle'))
  check('Http', rows.Http, sent('Http').filter(hasDistinctNames))
  check('Kv', rows.Kv, sent('Kv'))
  check(
    'HttpAnswer',
    rows.HttpAnswer,
    replyOf(tagged(answer, 'HttpAnswer').filter(hasDistinctNames)),
  )
  check('KvAnswer', rows.KvAnswer, replyOf(tagged(answer, 'KvAnswer')))
}
