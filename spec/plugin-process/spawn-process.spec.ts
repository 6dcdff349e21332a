import test from 'ava'
import { runProcess } from '../../lib/plugin-process/run-process.js'
import {
  commandFor,
  endInWords,
  endWithin,
  signalGroup,
  spawnProcess,
} from '../../lib/plugin-process/spawn-process.js'
import { isRunning, until } from '../support/processes.js'

const sh = (script: string) => ['/bin/sh', '-c', script] as const

test('JavaScript is run by this Node.js, anything else by itself', t => {
  t.deepEqual(['a.js', 'a.mjs', 'a.cjs', 'a.binary', 'js'].map(commandFor), [
    [process.execPath, 'a.js'],
    [process.execPath, 'a.mjs'],
    [process.execPath, 'a.cjs'],
    ['a.binary'],
    ['js'],
  ])
})

test('a process that was run to its end has written all of its output', async t => {
  const ran = await runProcess(sh('head -c 100000 /dev/zero | tr "\\0" x; echo no >&2; exit 3'))
  t.like(ran, { code: 3, signal: null, stderr: 'no\n', timedOut: false })
  t.is(ran.stdout, 'x'.repeat(100_000))
})

test('how a process ended is told in words', async t => {
  const said = async (command: readonly [string, ...string[]]) =>
    endInWords(await spawnProcess(command).ended)
  t.is(await said(['/bin/sh', '-c', 'exit 7']), 'it ended with exit code 7')
  t.is(await said(['/bin/sh', '-c', 'kill $$']), 'it ended with SIGTERM')
  t.is(await said(['/no/such/program']), 'it cannot be started: spawn /no/such/program ENOENT')
})

test('an end is waited for only so long', async t => {
  const { child, ended } = spawnProcess(sh('exec sleep 600'))
  t.is(await endWithin(ended, 20), undefined)
  child.kill('SIGKILL')
  t.deepEqual(await endWithin(ended, 20_000), { code: null, signal: 'SIGKILL' })
})

test('the end does not wait for what the process left behind with its output, which a group can be told of', async t => {
  const told: Array<readonly [string, number]> = []
  const {
    pid = 0,
    stdout,
    ended,
  } = spawnProcess(sh('sleep 600 & echo $!'), {
    group: {
      started: leader => void told.push(['started', leader]),
      exited: leader => void told.push(['exited', leader]),
    },
  })
  let left = 0
  stdout?.on('data', (text: Buffer) => {
    left = Number(text)
  })
  t.deepEqual(await ended, { code: 0, signal: null })
  t.deepEqual(told, [
    ['started', pid],
    ['exited', pid],
  ])
  t.true(isRunning(left))
  signalGroup(pid, 'SIGKILL')
  await until(() => !isRunning(left))
  t.notThrows(() => signalGroup(pid, 'SIGKILL'))
})
