import test from 'ava'
import { CASES } from '../../../lib/cli/check/cases/index.js'
import { taskQueue } from '../../../lib/domain/task-queue.js'
import { pythonTest } from '../../fixtures/python.js'
import { toruPlugin } from '../../support/terminal.js'
import { casesIn, check, faulty, foundIn, HELLO } from './checker.js'

// Each faulty plugin is found, for its fault and for nothing else; the correct ones pass.

const two = taskQueue(2)

/** Groups of cases, so that a fault that needs few of them does not run them all. */
const METADATA = [
  'ends',
  'output',
  'time',
  'socket',
  'id',
  'name',
  'version',
  'author',
  'icon',
  'route',
  'frontend',
].map(name => `metadata-${name}`)
const START = ['start-socket', 'init-lost', 'init-never', 'init-answer', 'lifecycle-unknown']
const ANSWER = [
  ...[
    'frame',
    'timestamp',
    'envelope',
    'inner-id',
    'response',
    'status',
    'headers',
    'body',
    'unicode',
  ].map(name => `answer-${name}`),
  ...['request-id', 'request-id-odd', 'non-ascii', 'not-found', 'methods', 'odd-paths'],
]
const GARBAGE = [
  'not-json',
  'empty',
  'array',
  'null',
  'no-type',
  'type',
  'payload',
  'fields',
  'utf8',
  'deep',
  'noise',
  'web',
].map(name => `garbage-${name}`)
const CROWD = [
  'frame-split',
  'frame-merged',
  'keep-alive',
  'pipelined',
  'half-message',
  'half-message-lost',
  'over-long',
  ...GARBAGE,
].concat([
  'body-1-mib',
  'body-15-mib',
  'many-connections',
  'connections-100',
  'leaving',
  'slow-reader',
])
const TALK = [...START, ...ANSWER]

/** Everything but what depends on how busy this machine is. */
const all = (profile: 'host' | 'documented'): ReadonlyArray<string> =>
  CASES.filter(({ id, levels }) => id !== 'start-time' && levels[profile] !== undefined).map(
    ({ id }) => id,
  )
/** What the profile `documented` asks for more strictly, or alone. */
const STRICTER = CASES.filter(
  ({ levels }) => levels.documented !== undefined && levels.documented !== levels.host,
).map(({ id }) => id)
const ALL = all('host')

interface Fault {
  readonly plugin: string
  /** What is found, as `level id`, and what its text says. */
  readonly found: Readonly<Record<string, RegExp>>
  /** The cases that are run. */
  readonly cases: ReadonlyArray<string>
  readonly documented?: true
  /** Whether the fault is silence, which must be waited for. */
  readonly silent?: true
}

const FAULTS: ReadonlyArray<Fault> = [
  {
    plugin: 'chatty-metadata.py',
    cases: METADATA,
    found: {
      'error metadata-output': /one JSON object; got the line "Snake 1\.0\.0 starting" beside it/,
    },
  },
  {
    plugin: 'bad-id.py',
    cases: METADATA,
    found: {
      'error metadata-id': /got "snake_plugin"/,
      'error metadata-name': /at most 100 bytes of UTF-8; got 102 bytes/,
    },
  },
  {
    plugin: 'other-route.py',
    cases: METADATA,
    found: { 'warning metadata-frontend': /expected "\/snake"; got "\/reptiles"/ },
  },
  {
    plugin: 'serves-always.py',
    cases: METADATA,
    found: { 'error metadata-ends': /did not end, and listens on its socket instead/ },
  },
  {
    plugin: 'never-binds.py',
    cases: ALL,
    found: { 'error start-socket': /TORU_PLUGIN_SOCKET.*nothing there within 10 s/ },
  },
  {
    plugin: 'slow-start.py',
    cases: ['start-socket', 'start-time'],
    found: { 'error start-time': /at most 1000 ms; got \d{4,} ms, the best of 3/ },
  },
  {
    plugin: 'open-socket.py',
    cases: ['socket-permissions'],
    found: { 'warning socket-permissions': /mode 0600; got mode 0777/ },
  },
  {
    plugin: 'stale-socket.py',
    cases: ['restart', 'restart-stale-socket'],
    found: { 'warning restart-stale-socket': /Address already in use/ },
  },
  {
    plugin: 'stale-socket.py',
    documented: true,
    cases: ['restart', 'restart-stale-socket'],
    found: { 'error restart-stale-socket': /Address already in use/ },
  },
  {
    plugin: 'waits-for-init.py',
    cases: ALL,
    found: { 'error init-never': /without an init; .*after an init it answers/ },
  },
  {
    plugin: 'dies-of-init.py',
    cases: ALL,
    found: { 'error init-lost': /exit code 3; it wrote: cannot answer the init/ },
  },
  {
    plugin: 'answers-lifecycle.py',
    cases: TALK,
    found: { 'warning init-answer': /no answer; got \d+ bytes: .*status/ },
  },
  {
    plugin: 'answers-lifecycle.py',
    documented: true,
    cases: TALK.filter(id => id !== 'answer-inner-id'),
    found: { 'error init-answer': /no answer; got \d+ bytes/ },
  },
  {
    plugin: 'little-endian.py',
    cases: ALL,
    found: { 'error answer-frame': /big-endian bytes; .*a little-endian length is answered/ },
  },
  {
    plugin: 'documented-only.py',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-envelope': /got an answer in the documented form/ },
  },
  {
    plugin: 'no-inner-id.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-inner-id': /got a payload without request_id/ },
  },
  {
    plugin: 'other-id.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error request-id': /that of the request; got request_id "mine"/ },
  },
  {
    plugin: 'no-time.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-timestamp': /RFC 3339.*got nothing/ },
  },
  {
    plugin: 'body-object.py',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-response': /a string that holds the JSON.*got an object/ },
  },
  {
    plugin: 'status-text.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-status': /an integer.*got status "200", a string/ },
  },
  {
    plugin: 'number-header.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-headers': /a string for each name; got x-count: 3/ },
  },
  {
    plugin: 'body-data.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-body': /a string, or null; got body \{"ok":true\}/ },
  },
  {
    plugin: 'half-pair.js',
    cases: ['start-socket', ...ANSWER],
    found: { 'error answer-unicode': /half of a surrogate pair/ },
  },
  {
    plugin: 'ascii-text.py',
    cases: ['start-socket', ...ANSWER],
    found: { 'error non-ascii': /"Zoë-日本-🔌".*got request_id "Zo\?-\?\?-\?"/ },
  },
  {
    plugin: 'one-recv.py',
    cases: [...ANSWER, ...CROWD],
    found: {
      'error frame-split': /in four pieces/,
      'warning frame-merged': /2 answers; got 0, then the connection was closed/,
    },
  },
  {
    plugin: 'one-answer.py',
    cases: [...ANSWER, 'frame-merged', 'pipelined'],
    found: { 'warning frame-merged': /2 answers; got 1, then the connection/ },
  },
  {
    plugin: 'one-answer.py',
    documented: true,
    cases: ['frame-split', 'frame-merged', 'keep-alive', 'pipelined'],
    found: { 'error frame-merged': /2 answers; got 1, then the connection/ },
  },
  {
    plugin: 'one-at-a-time.py',
    silent: true,
    cases: [...ANSWER, ...CROWD],
    found: {
      'error half-message':
        /while five other connections have sent part of a message; got nothing within/,
    },
  },
  {
    plugin: 'dies-of-garbage.py',
    cases: [...ANSWER, ...GARBAGE],
    found: Object.fromEntries(
      GARBAGE.filter(id => id !== 'garbage-web').map(id => [
        `error ${id}`,
        /another client (during|after) .*exit code 1; it wrote: fatal: /,
      ]),
    ),
  },
  {
    plugin: 'trusts-lengths.py',
    cases: [...ANSWER, ...GARBAGE, 'over-long'],
    found: {
      'error garbage-web': /an HTTP\/1\.1 request; .*out of memory/,
      'error over-long': /declares 16777217 bytes; .*out of memory/,
    },
  },
  {
    plugin: 'small-messages.py',
    cases: [...ANSWER, 'frame-split', 'body-1-mib', 'body-15-mib'],
    found: { 'error body-1-mib': /a body of 1 MiB; got the connection was/ },
  },
  {
    plugin: 'floods-stdout.py',
    silent: true,
    cases: ['many-connections', 'stdout-unread'],
    found: {
      'error stdout-unread':
        /while nobody reads stdout; got nothing within .*, after \d+ requests; .*"answering:/,
    },
  },
  {
    plugin: 'dies-of-leaving.py',
    cases: [...ANSWER, 'leaving', 'connection-leak'],
    found: {
      'error leaving': /the next request; got it ended with exit code 141; it wrote: broken pipe/,
    },
  },
  {
    plugin: 'leaks-connections.py',
    cases: ['leaving', 'connection-leak'],
    found: { 'warning connection-leak': /got \d+ more after 100 connections/ },
  },
]

for (const { plugin, found, cases, documented, silent } of FAULTS) {
  const profile = documented === true ? 'documented' : 'host'
  const tester = plugin.endsWith('.py') ? pythonTest : test
  tester(`${plugin} (${profile}): ${Object.keys(found).slice(0, 3).join(', ')}`, async t => {
    const selection = cases.flatMap(id => ['--case', id])
    const args = [
      faulty(plugin),
      '--json',
      '--timeout',
      silent ? '10' : '20',
      '--profile',
      profile,
      ...selection,
    ]
    const checked = await two(() => toruPlugin('check', ...args))
    const seen = foundIn(casesIn(checked))
    t.deepEqual(
      Object.keys(seen).toSorted(),
      Object.keys(found).toSorted(),
      JSON.stringify(seen, null, 1),
    )
    for (const [id, text] of Object.entries(found)) t.regex(seen[id] ?? '', text)
    t.is(checked.code, Object.keys(found).some(id => id.startsWith('error')) ? 1 : 0)
  })
}

for (const [name, file, profile, cases, tester] of [
  ['the sample hello', HELLO, 'host', all('host'), test],
  ['the sample hello', HELLO, 'documented', STRICTER, test],
  ['a correct plugin in Python', faulty('plugin.py'), 'host', all('host'), pythonTest],
] as const) {
  tester(`${name} passes the profile ${profile}, and nothing stays behind`, async t => {
    const selection = cases.flatMap(id => ['--case', id])
    const checked = await two(() =>
      check([file, '--json', '--timeout', '20', '--profile', profile, ...selection]),
    )
    const found = casesIn(checked)
    t.deepEqual(foundIn(found), {})
    t.deepEqual([...new Set(found.map(({ status }) => status))], ['passed'])
    t.is(checked.code, 0)
    t.deepEqual(checked.left, [])
  })
}
