import test from 'ava'
import { errorText } from '../../../lib/runtime/log/error-text.js'

const plain = (value: unknown): unknown => value

test('the own properties of an error follow its stack, those that are objects last', t => {
  const error = Object.assign(new Error('failed'), { request: { a: 1 }, code: 'E1', hint: 'wait' })
  error.stack = 'Error: failed\n    at somewhere'
  t.is(
    errorText(error, plain),
    'Error: failed\n    at somewhere\n  {"code":"E1","hint":"wait","request":{"a":1}}',
  )
})

test('a property that is long is named, and not shown', t => {
  const long = 'x'.repeat(500)
  const error = { message: 'failed', a: long, b: 'short' }
  t.is(errorText(error, plain), 'failed\n  {"a":"[506 characters]","b":"short"}')
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`name${at}`, at]))
  t.true(errorText({ message: 'failed', ...many }, plain).length < 2_100)
})

test('an error inside another one is short, and has its causes', t => {
  const inner = new Error('inner', { cause: Object.assign(new Error('cause'), { code: 1 }) })
  const error = new AggregateError([inner, 'a text', null], 'all')
  error.stack = 'AggregateError: all'
  t.is(
    errorText(error, plain),
    'AggregateError: all\n  Error: inner, caused by Error: cause {"code":1}\n  a text\n  null',
  )
  const many = new AggregateError(Array.from({ length: 10 }, (_, at) => at))
  t.true(errorText(many, plain).endsWith('\n  7\n  and 2 more'))
})

test('a cycle of causes ends', t => {
  const error = new Error('one')
  error.cause = new Error('two', { cause: error })
  t.is(errorText(error, plain).split('Caused by').length, 2)
})
