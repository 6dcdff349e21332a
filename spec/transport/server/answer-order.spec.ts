import test from 'ava'
import type { Answer } from '../../../lib/domain/message.js'
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

test('a KV operation begins when the one before it has ended', async t => {
  const order = new AnswerOrder()
  const begun: string[] = []
  const [first, second] = [later('1'), later('2')]
  const answers = [
    order.kv(() => {
      begun.push('first')
      return first.answer
    }),
    order.kv(() => {
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
    new AnswerOrder().kv(() => value('now')),
    value('now'),
  )
})

test('answers without a name leave in the order of their requests, however soon they are ready', async t => {
  const order = new AnswerOrder()
  const [slow, quick] = [later('slow'), later('quick')]
  const out: unknown[] = []
  const all = [slow.answer, quick.answer, value('at once')].map(answer =>
    Promise.resolve(order.nameless(answer)).then(ready => out.push(ready)),
  )
  quick.come()
  await quick.answer
  t.deepEqual(out, [])
  slow.come()
  await Promise.all(all)
  t.deepEqual(out, [value('slow'), value('quick'), value('at once')])
})

test('an answer without a name that is there at once goes at once where none is before it', async t => {
  const order = new AnswerOrder()
  t.deepEqual(order.nameless(value('a')), value('a'))
  await order.nameless(Promise.resolve(value('b')))
  t.deepEqual(order.nameless(value('c')), value('c'))
})
