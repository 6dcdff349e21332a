import test from 'ava'
import fc from 'fast-check'
import { droppedLine, jsonBytes, truncate } from '../../../lib/runtime/log/log-line.js'

const MOON = new Date('2024-07-20T12:00:01.500Z')

test('a text is cut by its length inside JSON', t => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 40, max: 200 }),
      (text, room) => jsonBytes(truncate(text, room)) <= room,
    ),
  )
  t.is(truncate('short', 40), 'short')
})

test('the line about dropped lines is an entry', t => {
  t.deepEqual(JSON.parse(droppedLine('notes', () => MOON)(12)), {
    timestamp: MOON.toISOString(),
    level: 'Warn',
    message: '12 lines of the log were dropped, because nobody read them in time',
    plugin: 'notes',
    pid: process.pid,
  })
})
