import test from 'ava'
import { errorText } from '../../../lib/runtime/log/error-text.js'

test('a cycle of causes ends', t => {
  const error = new Error('one')
  error.cause = new Error('two', { cause: error })
  t.is(errorText(error).split('Caused by').length, 2)
})
