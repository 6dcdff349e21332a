import test from 'ava'
import type { Answer, HostMessage, RequestId } from '../../../lib/domain/message.js'
import { AnswerOrder } from '../../../lib/transport/server/answer-order.js'

const value = (text: string): Answer => ({ _tag: 'KvAnswer', value: text })

/** An answer that comes when it is told to. */
const later = (text: string) => {
  let come = (): void => undefined
  const answer = new Promise<Answer>(resolve => {
    come = () => resolve(value(text))
  })
  return { answer, come: () => come() }
}

const peer = { lost: false, onLost: () => () => undefined }

const kv: HostMessage = { _tag: 'Kv', requestId: 'r', action: 'get', key: 'k', value: undefined }
const http = (requestId: RequestId): HostMessage => ({
  _tag: 'Http',
  requestId,
  method: 'GET',
  path: '/',
  pathDecoded: true,
  headers: {},
  body: null,
})

test('a KV operation begins when the one before it has ended', async t => {
  const order = new AnswerOrder()
  const begun: string[] = []
  const [first, second] = [later('1'), later('2')]
  const answers = [
    order.answer(kv, peer, () => {
      begun.push('first')
      return first.answer
    }),
    order.answer(kv, peer, () => {
      begun.push('second')
      return second.answer
    }),
  ]
  await Promise.resolve()
  t.deepEqual(begun, ['first'])
  second.come()
  first.come()
  t.deepEqual(await Promise.all(answers), [value('1'), value('2')])
  t.deepEqual(begun, ['first', 'second'])
})

test('a KV operation that is answered at once, with none before it, costs no promise', t => {
  t.deepEqual(
    new AnswerOrder().answer(kv, peer, () => value('now')),
    value('now'),
  )
})

test('answers without an id leave in the order of their requests, however soon they are ready', async t => {
  const order = new AnswerOrder()
  const [slow, quick] = [later('slow'), later('quick')]
  const out: unknown[] = []
  const all = [slow.answer, quick.answer, value('at once')].map((answer, index) =>
    Promise.resolve(order.answer(http(index === 0 ? null : undefined), peer, () => answer)).then(
      ready => out.push(ready),
    ),
  )
  quick.come()
  await quick.answer
  t.deepEqual(out, [])
  slow.come()
  await Promise.all(all)
  t.deepEqual(out, [value('slow'), value('quick'), value('at once')])
})

test('an answer without an id that is there at once goes at once where none is before it', async t => {
  const order = new AnswerOrder()
  const answer = (ready: Answer | Promise<Answer>) =>
    order.answer(http(undefined), peer, () => ready)
  t.deepEqual(answer(value('a')), value('a'))
  await answer(Promise.resolve(value('b')))
  t.deepEqual(answer(value('c')), value('c'))
})

test('requests with an id wait for nobody, and lifecycle messages have no answer to wait for', t => {
  const order = new AnswerOrder()
  order.answer(http(undefined), peer, () => later('slow').answer)
  t.deepEqual(
    order.answer(http('r'), peer, () => value('named')),
    value('named'),
  )
  t.is(
    order.answer({ _tag: 'Shutdown' }, peer, () => null),
    null,
  )
})
