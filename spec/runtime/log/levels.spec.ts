import test from 'ava'
import { hostLevel, levelFrom } from '../../../lib/runtime/log/levels.js'

test('a level is found in any case, and a wrong one gives info and says what is accepted', t => {
  t.deepEqual(levelFrom('WARN'), { level: 'warn' })
  t.deepEqual(levelFrom(undefined), { level: 'info' })
  t.deepEqual(levelFrom(''), { level: 'info' })
  t.deepEqual(levelFrom('loud'), {
    level: 'info',
    warning:
      'TORU_LOG_LEVEL: expected one of trace, debug, info, warn, error, got "loud". ' +
      'The level is info.',
  })
})

test('a level of another logger is one of the host’s', t => {
  t.deepEqual(
    ['fatal', 'error', 'silly'].map(level => hostLevel(level)),
    ['Error', 'Error', 'Info'],
  )
})
