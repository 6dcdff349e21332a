import { spawnSync } from 'node:child_process'
import test from 'ava'
import { isRunning } from '../../lib/domain/is-running.js'
import { callAsOrdinaryUser, PROCESS_OF_ROOT } from '../support/ordinary-user.js'

test('a process that has ended does not run, and this one does', t => {
  const ended = spawnSync('true')
  t.deepEqual([isRunning(ended.pid), isRunning(process.pid)], [false, true])
})

test('another user’s process runs, although no signal may be sent to it', t => {
  t.true(callAsOrdinaryUser('../../lib/domain/is-running.js', 'isRunning', PROCESS_OF_ROOT))
})
