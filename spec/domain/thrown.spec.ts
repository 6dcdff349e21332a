import test from 'ava'
import { messageOf } from '../../lib/domain/thrown.js'

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
      '[object Object]',
      'Symbol(s)',
      'a value that cannot be shown',
      'a value that cannot be shown',
    ],
  )
})
