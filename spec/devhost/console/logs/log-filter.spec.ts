import test from 'ava'
import { levelOf, matchesLog, mergeLogs } from '../../../../lib/devhost/console/logs/log-filter.js'
import { someEntry } from '../fake-host.js'

test('entries of a log are found by their least level and a text in message or error, and several logs are one by time', t => {
  const all = [
    someEntry(3),
    someEntry(2, { level: 'warn' }),
    someEntry(1, { level: 'Error', error: 'no Space left' }),
    someEntry(4, { level: 'Loud' }),
  ]
  t.deepEqual(all.map(levelOf), ['Info', 'Warn', 'Error', 'Info'])
  t.deepEqual(
    all.filter(matchesLog('Warn', '')).map(({ n }) => n),
    [2, 1],
  )
  t.deepEqual(
    all.filter(matchesLog('Trace', 'space')).map(({ n }) => n),
    [1],
  )
  t.deepEqual(
    mergeLogs([all.slice(0, 1), all.slice(1)], 3).map(({ n }) => n),
    [2, 3, 4],
  )
})
