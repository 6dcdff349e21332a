import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { jsonSchema } from '../../../lib/codec/json-schema.js'
import { newest, parseJournal } from '../../../samples/services/journal.js'
import { Lines } from '../../../samples/services/lines.js'
import { refusal } from '../../../samples/services/refusal.js'
import { ServiceName } from '../../../samples/services/service-name.js'
import { availableFrom, parseShow, serviceFrom } from '../../../samples/services/units.js'
import { NOW, recorded } from './systemd-scene.js'

const decoded = (name: unknown): string | undefined => {
  const result = ServiceName.decode(name)
  return E.isRight(result) ? result.right : undefined
}

const named = (name: string): ServiceName => {
  const result = ServiceName.decode(name)
  if (E.isLeft(result)) throw new Error(name)
  return result.right
}

test('a name of a service is completed, and a name that systemctl could take for something else is refused', t => {
  const good = [
    'ssh',
    'ssh.service',
    'getty@tty1',
    'a:b_c-d.e',
    'systemd-fsck@dev-disk-by\\x2duuid-1',
    'a'.repeat(247),
  ]
  for (const name of good) t.is(decoded(name), name.endsWith('.service') ? name : `${name}.service`)
  const wrong = [
    '',
    '.service',
    '-H',
    '--help',
    '-.service',
    'a/b',
    '../x',
    'a b',
    'a\n',
    'a\nb',
    'a\0',
    ';reboot',
    '$(reboot)',
    '`a`',
    '|a',
    'a*',
    'a?',
    '[a]',
  ]
  for (const name of [
    ...wrong,
    '@',
    'getty@',
    'getty@.service',
    'ä',
    'a'.repeat(248),
    'a.service\n',
    5,
    null,
    ['ssh'],
  ]) {
    t.is(decoded(name), undefined, JSON.stringify(name))
  }
})

test('the schema of a name takes what can be a name, and lines are a number in text', t => {
  const schema = jsonSchema(ServiceName)
  const pattern = E.isRight(schema) ? String(schema.right.pattern) : ''
  t.regex('getty@tty1', new RegExp(pattern))
  t.regex('a\\x2db', new RegExp(pattern))
  t.notRegex('--help', new RegExp(pattern))
  t.notRegex('a b', new RegExp(pattern))
  for (const [text, lines] of [
    ['1', 1],
    ['1000', 1000],
  ] as const)
    t.deepEqual(Lines.decode(text), E.right(lines))
  for (const wrong of ['0', '1001', '-1', '1e2', '5.0', ' 5', '', '99999', 5])
    t.true(E.isLeft(Lines.decode(wrong)), String(wrong))
})

test('what systemctl shows becomes services: those that run have an uptime', t => {
  const names = ['good', 'nope', 'bad', 'once', 'masked', 'odd\\x2dname@a', 'refuses'].map(named)
  const units = parseShow(recorded('show'))
  t.is(units.length, names.length)
  const services = names.map((name, index) => serviceFrom(name, units[index] ?? new Map(), NOW))
  t.deepEqual(services[0], {
    name: 'good.service',
    description: 'A service that runs',
    status: 'running',
    active_state: 'active',
    sub_state: 'running',
    uptime_seconds: 75,
  })
  t.deepEqual(
    services.map(({ status, sub_state, uptime_seconds }) => [status, sub_state, uptime_seconds]),
    [
      ['running', 'running', 75],
      ['unknown', 'dead', null],
      ['failed', 'failed', null],
      ['running', 'exited', 74],
      ['stopped', 'dead', null],
      ['running', 'running', 74],
      ['stopped', 'dead', null],
    ],
  )
  t.is(services[3]?.description, 'Runs once – and stays “active”')
})

test('states that pass are told from those that stay, and nothing is assumed of what is missing', t => {
  const of = (text: string) => serviceFrom(named('a'), parseShow(text)[0] ?? new Map(), 5_000_000)
  t.like(of('LoadState=loaded\nActiveState=activating\nSubState=auto-restart'), {
    status: 'changing',
    uptime_seconds: null,
  })
  t.like(of('LoadState=bad-setting\nActiveState=inactive'), { status: 'unknown' })
  t.like(of(''), { status: 'unknown', description: '', uptime_seconds: null })
  t.like(of('ActiveState=active\nActiveEnterTimestampMonotonic=0'), {
    status: 'running',
    uptime_seconds: null,
  })
  t.is(of('ActiveState=active\nActiveEnterTimestampMonotonic=9000000').uptime_seconds, 0)
  t.is(of('Description=a=b').description, 'a=b')
})

test('the loaded services and those that only have a file are one list, without templates', t => {
  const services = availableFrom(recorded('list-units'), recorded('list-unit-files'))
  t.deepEqual(
    services.map(({ name }) => name),
    [
      'app-print\\x2dapplet@autostart.service',
      'at-spi-dbus-bus.service',
      'bad.service',
      'dbus.service',
      'dconf.service',
      'dirmngr.service',
      'exits3.service',
      'good.service',
      'gpg-agent.service',
      'masked.service',
      'odd\\x2dname@a.service',
      'once.service',
      'pk-debconf-helper.service',
      'refuses.service',
      'ssh-agent.service',
      'systemd-exit.service',
      'systemd-tmpfiles-clean.service',
      'systemd-tmpfiles-setup.service',
    ],
  )
  t.deepEqual(
    services.find(({ name }) => name === 'once.service'),
    {
      name: 'once.service',
      description: 'Runs once – and stays “active”',
      active_state: 'active',
      file_state: 'static',
    },
  )
  t.like(
    services.find(({ name }) => name.startsWith('odd')),
    { file_state: null },
  )
  t.like(
    services.find(({ name }) => name === 'masked.service'),
    { description: '', active_state: 'inactive', file_state: 'masked' },
  )
  t.deepEqual(
    availableFrom(
      'gone.service not-found inactive dead gone.service\n',
      'autovt@.service alias -\nsshd.service alias -\n',
    ),
    [],
  )
})

test('entries of the journal: bytes that are no UTF-8, colours, messages that are too long, and in the order of time', t => {
  t.deepEqual(parseJournal(recorded('journal.jsonl')), [
    {
      time: '2026-11-22T18:06:42.709Z',
      priority: 6,
      identifier: 'raw',
      pid: '79',
      message: 'caf\ufffd \ufffd\ufffd raw',
    },
    {
      time: '2026-11-22T18:06:42.882Z',
      priority: 6,
      identifier: 'long',
      pid: '81',
      message: '(longer than 4,096 bytes: see journalctl)',
    },
    {
      time: '2026-11-22T18:06:42.899Z',
      priority: 6,
      identifier: 'esc',
      pid: '123',
      message: 'tab\there red',
    },
  ])
})

test('a line of the journal that is none is left out, and so is half a line', t => {
  const line = (fields: object): string => JSON.stringify({ __REALTIME_TIMESTAMP: '0', ...fields })
  const text = [
    line({ MESSAGE: ['two', [233], null], PRIORITY: '3' }),
    '-- No entries --',
    '{"MESSAGE":"no time"}',
    line({}),
    '{"__REALTIME',
  ].join('\n')
  t.deepEqual(parseJournal(text), [
    { time: '1970-01-01T00:00:00.000Z', priority: 6, identifier: null, pid: null, message: '' },
    {
      time: '1970-01-01T00:00:00.000Z',
      priority: 3,
      identifier: null,
      pid: null,
      message: 'two\n\ufffd\n(longer than 4,096 bytes: see journalctl)',
    },
  ])
  t.deepEqual(parseJournal(''), [])
})

test('of more than fits into an answer the newest stay', t => {
  const entries = ['a', 'bb', 'ccc'].map(message => ({
    time: '',
    priority: 6,
    identifier: null,
    pid: null,
    message,
  }))
  t.deepEqual(
    [6, 5, 4, 2].map(room =>
      newest(entries, room)
        .map(({ message }) => message)
        .join(),
    ),
    ['a,bb,ccc', 'bb,ccc', 'ccc', ''],
  )
})

const refused = (code: number, stderr: string) =>
  refusal('systemctl', { code, stdout: '', stderr, cut: false })

test('why a command failed: what systemctl wrote, without what to type next', t => {
  const see = `See system logs and 'systemctl status a.service' for details.\n`
  const cases: ReadonlyArray<readonly [number, string, object]> = [
    [
      5,
      'Failed to start a.service: Unit a.service not found.\n',
      { status: 404, message: 'Failed to start a.service: Unit a.service not found.' },
    ],
    [4, `Failed to stop a.service: Access denied\n${see}`, { status: 403 }],
    [1, `Failed to stop a.service: Interactive authentication required.\n${see}`, { status: 403 }],
    [
      4,
      `Failed to start a.service: Operation refused, unit a.service may be requested by dependency only (it is configured to refuse manual start/stop).\n${see}`,
      { status: 403 },
    ],
    [
      1,
      'Failed to start a.service: Unit a.service is masked.\n',
      { _tag: 'Io', message: 'Failed to start a.service: Unit a.service is masked.' },
    ],
    [1, 'Failed to connect to bus: No such file or directory\n', { _tag: 'NotInitialized' }],
    [
      1,
      'Failed to connect to system scope bus via local transport: No such file or directory\n',
      { _tag: 'NotInitialized' },
    ],
    [3, '', { _tag: 'Io', message: 'systemctl ended with exit code 3' }],
  ]
  for (const [code, stderr, expected] of cases) t.like(refused(code, stderr), expected, stderr)
  t.is(
    refused(4, `Failed to stop a.service: Access denied\n${see}`).message,
    'Failed to stop a.service: Access denied. The user that the panel runs as may not do this: see "Permissions" in the README of this plugin.',
  )
  t.true(refused(1, 'x'.repeat(1_000_000)).message.length < 2_000)
})
