import { runInNewContext } from 'node:vm'
import test from 'ava'
import { causesOf, errorCode, isError, messageOf } from '../../lib/domain/thrown.js'

test('anything that is thrown has a message', t => {
  const nameless = new Error('')
  const hostile = {
    toString() {
      throw new Error('no')
    },
  }
  t.deepEqual(
    [nameless, new RangeError(), 'text', 5, {}, Symbol('s'), hostile, Object.create(null)].map(
      messageOf,
    ),
    [
      'Error',
      'RangeError',
      'text',
      '5',
      'an object without properties',
      'Symbol(s)',
      'an object with toString',
      'an object without properties',
    ],
  )
})

test('of an object without a message no value is shown, only names', t => {
  class Failure {
    readonly password = 's3cret'
  }
  t.deepEqual(
    [
      { code: 1, password: 's3cret' },
      new Failure(),
      ['s3cret', 's3cret'],
      new Map(),
      () => 's3cret',
      '',
      { message: '' },
      { message: 'a message' },
    ].map(messageOf),
    [
      'an object with code, password',
      'an object of the class Failure with password',
      'a list of 2 values',
      'an object of the class Map without properties',
      'a function',
      'an empty text',
      'an object with message',
      'a message',
    ],
  )
})

test('an AggregateError without a message has those of its errors', t => {
  const errors = [new Error('one'), 'two', {}, new Error('four')]
  t.is(messageOf(new AggregateError(errors)), 'one; two; an error')
  t.is(messageOf(new AggregateError([])), 'AggregateError')
  t.is(messageOf(new AggregateError(errors, 'all')), 'all')
})

test('an error of another realm is one, and has a code', t => {
  const error = runInNewContext('Object.assign(new Error("x"), { code: "EX" })')
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  t.deepEqual([error, new DOMException('x'), proxy, { message: 'x' }, null].map(isError), [
    true,
    true,
    false,
    false,
    false,
  ])
  t.deepEqual([error, { code: 'EX' }, proxy].map(errorCode), ['EX', undefined, undefined])
})

test('causes are followed to their end, once around, and eight at most', t => {
  const inner = new Error('inner')
  const outer = new Error('outer', { cause: inner })
  t.deepEqual(causesOf(outer), [outer, inner])
  inner.cause = outer
  t.deepEqual(causesOf(outer), [outer, inner])
  inner.cause = 'a text'
  t.deepEqual(causesOf(outer), [outer, inner, 'a text'])
  const method = Object.assign(new Error('of VError'), { cause: () => outer })
  t.deepEqual(causesOf(method), [method, outer, inner, 'a text'])
  let deep = new Error('0')
  for (let at = 1; at < 20; at++) deep = new Error(String(at), { cause: deep })
  t.is(causesOf(deep).length, 8)
})
