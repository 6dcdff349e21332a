import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { errorAnswer } from '../../../lib/domain/error-answer.js'
import { MAX_FRAME_BYTES } from '../../../lib/domain/host.js'
import type { Answer } from '../../../lib/domain/message.js'
import { serializationError } from '../../../lib/domain/plugin-error.js'
import type { Receive } from '../../../lib/transport/server/answer-order.js'
import { Responder } from '../../../lib/transport/server/responder.js'
import { dialects } from '../../../lib/wire/dialects.js'
import { lines } from '../../../lib/wire/framing.js'
import { wireError } from '../../../lib/wire/wire-error.js'
import { http, kv } from '../../support/messages.js'

const ok: Answer = { _tag: 'HttpAnswer', status: 200, headers: {}, body: 'ok' }

/** A responder that answers in lines, and what came of it. */
const responder = (receive: Receive) => {
  const sent: unknown[] = []
  const counts: number[] = []
  const unsent: string[] = []
  const target = {
    lost: false,
    onLost: () => () => undefined,
    send: (bytes: Buffer) =>
      sent.push(dialects.tagged.decodeAnswer(JSON.parse(bytes.toString('utf8')))),
    answered: (count: number) => counts.push(count),
  }
  const made = new Responder(
    {
      receive,
      timestamp: () => '2026-01-15T10:00:00Z',
      now: () => 0,
      maxInFlight: 10,
      onInvalidInput: () => undefined,
      onUnsent: ({ message }) => unsent.push(message),
    },
    target,
  )
  const respond = (message: unknown) => made.respond(Buffer.from(JSON.stringify(message)), lines)
  return { made, respond, target, sent, counts, unsent }
}

test('an answer carries the id of its request', t => {
  const { respond, sent } = responder(() => ok)
  t.true(E.isRight(respond(http('tagged', 'r'))))
  t.deepEqual(sent, [E.right({ requestId: 'r', answer: ok })])
})

test('what is no message is a left, and gets no answer', t => {
  const { respond, sent } = responder(() => ok)
  t.deepEqual(
    respond(5),
    E.left(wireError('InvalidMessage', 'not a message of the protocol: expected a message, got 5')),
  )
  t.deepEqual(sent, [])
})

test('requests that are answered later are pending, and the answers of one turn are told together', async t => {
  const { made, respond, sent, counts } = responder(async () => ok)
  for (const id of ['a', 'b', 'c']) respond(http('tagged', id))
  t.deepEqual([made.pending, made.takePending(), made.pending], [3, 3, 0])
  await new Promise(resolve => setImmediate(resolve))
  t.deepEqual([sent.length, counts], [3, [3]])
})

test('nothing is sent to a peer that is gone', async t => {
  const { respond, target, sent, counts } = responder(async () => ok)
  respond(http('tagged', 'r'))
  target.lost = true
  await new Promise(resolve => setImmediate(resolve))
  t.deepEqual([sent, counts], [[], [1]])
})

test('an answer over 16 MiB is replaced by one that says so, and a value by none', t => {
  const body = 'x'.repeat(MAX_FRAME_BYTES)
  const { respond, sent, unsent } = responder(message =>
    message._tag === 'Kv' ? { _tag: 'KvAnswer', value: body } : { ...ok, body },
  )
  respond(http('tagged', 'r'))
  respond(kv('tagged', 'k', 'get', 'key'))
  const [first = '', second = ''] = unsent
  t.regex(first, /^a message of \d+ bytes: at most 16777216 bytes are allowed$/)
  t.not(first, second)
  t.deepEqual(sent, [
    E.right({ requestId: 'r', answer: errorAnswer(serializationError(first)) }),
    E.right({ requestId: 'k', answer: { _tag: 'KvAnswer', value: null } }),
  ])
})
