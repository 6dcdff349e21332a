import test from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import { atLeast, entryOf, piecesOf } from '../../../lib/devhost/log/log-entries.js'
import { makeLogStore } from '../../../lib/devhost/log/log-store.js'
import { HOST_LOG_READ } from '../../../lib/domain/host.js'

const NOW = '2026-02-03T04:05:06Z'
const of = (text: string): unknown => O.toUndefined(entryOf(Buffer.from(text), 'notes', NOW))
const info = (message: string): unknown => ({
  timestamp: NOW,
  level: 'Info',
  message,
  plugin: 'notes',
})
const entry = {
  timestamp: '2026-01-01T00:00:00.5Z',
  level: 'Warn',
  message: 'careful',
  plugin: 'notes',
}

test('an object of the form is kept without other fields', t => {
  t.deepEqual(of(`${JSON.stringify({ ...entry, extra: [1] })}   \n`), entry)
  t.deepEqual(of(JSON.stringify({ ...entry, error: 'why', pid: 7 })), {
    ...entry,
    error: 'why',
    pid: 7,
  })
  t.deepEqual(of(JSON.stringify({ ...entry, error: null, pid: null })), entry)
  t.deepEqual(of(JSON.stringify({ ...entry, level: 'strange' })), { ...entry, level: 'strange' })
})

test('an object that does not say whose it is, is thrown away', t => {
  const { plugin: _, ...nobodys } = entry
  t.is(of(JSON.stringify(nobodys)), undefined)
  t.is(of(JSON.stringify({ ...entry, plugin: null })), undefined)
})

test('any other text is an Info entry: two lines, half a line, an object that is not of the form', t => {
  const line = JSON.stringify(entry)
  for (const text of [
    `${line}\n${line}\n`,
    line.slice(0, 20),
    'plain',
    '[]',
    '7',
    JSON.stringify({ ...entry, pid: -1 }),
    JSON.stringify({ ...entry, message: 5 }),
  ])
    t.deepEqual(of(text), info(text.trim()))
  t.deepEqual(O.toUndefined(entryOf(Buffer.from([0x61, 0xff]), 'notes', NOW)), info('a\ufffd'))
})

test('what arrives at once is read in pieces of 4 KiB', t => {
  t.deepEqual(
    piecesOf(Buffer.alloc(2 * HOST_LOG_READ + 1)).map(({ length }) => length),
    [HOST_LOG_READ, HOST_LOG_READ, 1],
  )
  t.deepEqual(
    piecesOf(Buffer.alloc(HOST_LOG_READ)).map(({ length }) => length),
    [HOST_LOG_READ],
  )
})

test('a level lets itself and what is worse pass, in whatever case, and of what the host does not know nothing', t => {
  const passing = (level: string | null): ReadonlyArray<string> =>
    ['Trace', 'debug', 'Info', 'WARN', 'Error', 'strange'].filter(one =>
      atLeast(level)({ level: one }),
    )
  t.deepEqual(passing('warn'), ['WARN', 'Error'])
  t.deepEqual(passing('Trace'), ['Trace', 'debug', 'Info', 'WARN', 'Error'])
  t.deepEqual(passing('nonsense').length, 6)
  t.deepEqual(passing(null).length, 6)
})

test('the store gives pages, the newest first, keeps each plugin’s apart, and forgets what is too much', t => {
  const store = makeLogStore()
  for (let n = 0; n < 6_000; n++) store.add({ ...entry, message: String(n) })
  store.add({ ...entry, plugin: 'other' })
  t.deepEqual(
    store.page('notes', 0, 2, null).map(({ message }) => message),
    ['5999', '5998'],
  )
  t.deepEqual(
    store.page('notes', 1, 2, null).map(({ message }) => message),
    ['5997', '5996'],
  )
  t.is(store.page('notes', 0, 10_000, null).length, 5_000)
  t.deepEqual(store.page('other', 0, 5, null), [{ ...entry, plugin: 'other' }])
  for (let n = 0; n < 10; n++) store.add({ ...entry, message: 'x'.repeat(1_048_576) })
  t.true(store.page('notes', 0, 10_000, null).length < 4)
})
