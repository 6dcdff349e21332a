import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import * as io from 'io-ts'
import { jsonAs, testPlugin } from '../../../lib/testing/index.js'
import { localSystem } from '../../../samples/services/local-system.js'
import { Services } from '../../../samples/services/plugin.js'
import { AvailableService, LogEntry, Service } from '../../../samples/services/service.js'
import type { System } from '../../../samples/services/system.js'
import { until } from '../../support/processes.js'
import { gone, NOW, onlyWith, onScene, recorded, scene } from './systemd-scene.js'

const SHOW =
  'systemctl|--no-pager|--no-ask-password|show|--property=Description,LoadState,ActiveState,SubState,ActiveEnterTimestampMonotonic|--'

test('services are watched, shown with one command for all of them, and no longer watched', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  t.like(await plugin.get('/services'), { status: 200, json: [] })
  t.deepEqual(machine.calls(), [])

  const added = await plugin.put('/services/good/watched')
  t.is(added.status, 200)
  t.like(await jsonAs(Service)(added), {
    name: 'good.service',
    status: 'running',
    uptime_seconds: 75,
  })
  await plugin.put('/services/bad.service/watched')
  await plugin.put('/services/good.service/watched')
  t.deepEqual(await plugin.stored(), { watched_services: '["good.service","bad.service"]' })

  const before = machine.calls().length
  const services = await plugin.get('/services').then(jsonAs(io.array(Service)))
  t.deepEqual(machine.calls().slice(before), [`${SHOW}|good.service|bad.service`])
  t.deepEqual(
    services.map(({ name, status, active_state, sub_state, uptime_seconds }) => [
      name,
      status,
      active_state,
      sub_state,
      uptime_seconds,
    ]),
    [
      ['good.service', 'running', 'active', 'running', 75],
      ['bad.service', 'failed', 'failed', 'failed', null],
    ],
  )

  t.is((await plugin.delete('/services/good/watched')).status, 204)
  t.is((await plugin.delete('/services/good/watched')).status, 204)
  t.deepEqual(await plugin.stored(), { watched_services: '["bad.service"]' })
})

test('what the page has written under the key is read, and a name in it that is none reaches no command', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  await plugin.kv.set('watched_services', '["good","gone","good.service"]')
  const services = await plugin.get('/services').then(jsonAs(io.array(Service)))
  t.deepEqual(
    services.map(({ name, status }) => [name, status]),
    [
      ['good.service', 'running'],
      ['gone.service', 'unknown'],
    ],
  )
  const before = machine.calls().length
  for (const wrong of ['["--help"]', '["a b"]', '{"good":1}', 'no JSON']) {
    await plugin.kv.set('watched_services', wrong)
    t.like(await plugin.get('/services'), { status: 500, error: { _tag: 'Serialization' } }, wrong)
  }
  t.is(machine.calls().length, before)
})

test('only a service that is there is watched, and not too many', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  t.like(await plugin.put('/services/nope/watched'), {
    status: 404,
    error: { message: 'there is no service nope.service' },
  })
  t.deepEqual(await plugin.stored(), {})
  await plugin.kv.set(
    'watched_services',
    JSON.stringify(Array.from({ length: 100 }, (_, n) => `a${n}`)),
  )
  t.is((await plugin.put('/services/good/watched')).status, 409)
})

test('all services of the machine', async t => {
  const machine = scene(t)
  const services = await onScene(machine)
    .get('/services/available')
    .then(jsonAs(io.array(AvailableService)))
  t.is(services.length, 18)
  t.deepEqual(machine.calls().toSorted(), [
    'systemctl|--no-pager|--no-ask-password|list-unit-files|--type=service|--no-legend|--full',
    'systemctl|--no-pager|--no-ask-password|list-units|--type=service|--all|--plain|--no-legend|--full',
  ])
})

test('a service is stopped, started and restarted, and the answer is how it is afterwards', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  const after = (action: string) => plugin.post(`/services/good/${action}`).then(jsonAs(Service))
  t.like(await after('stop'), { status: 'stopped', active_state: 'inactive', uptime_seconds: null })
  t.like(await after('start'), { status: 'running', uptime_seconds: 75 })
  t.like(await after('restart'), { status: 'running' })
  t.deepEqual(
    machine.calls().filter(call => !call.includes('|show|')),
    ['stop', 'start', 'restart'].map(
      action => `systemctl|--no-pager|--no-ask-password|${action}|--|good.service`,
    ),
  )
  t.deepEqual(
    plugin.log.filter(({ level }) => level === 'info').map(({ message }) => message),
    ['stop good.service', 'start good.service', 'restart good.service'],
  )
})

test('a service that systemd does not know is a 404', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  for (const [action, reason] of [
    ['start', 'not found'],
    ['stop', 'not loaded'],
    ['restart', 'not found'],
  ]) {
    t.like(await plugin.post(`/services/nope/${action}`), {
      status: 404,
      json: {
        error: 'InvalidRequest',
        message: `Failed to ${action} nope.service: Unit nope.service ${reason}.`,
      },
    })
  }
  t.is((await plugin.post('/services/good/enable')).status, 404)
})

test('what may not be done is a 403 that says where to read on', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  const see = "See system logs and 'systemctl status good.service' for details.\n"
  machine.fails(
    'stop',
    1,
    `Failed to stop good.service: Interactive authentication required.\n${see}`,
  )
  t.like(await plugin.post('/services/good/stop'), {
    status: 403,
    error: {
      message:
        'Failed to stop good.service: Interactive authentication required. The user that the panel runs as may not do this: see "Permissions" in the README of this plugin.',
    },
  })
  machine.fails('stop', 4, `Failed to stop good.service: Access denied\n${see}`)
  t.is((await plugin.post('/services/good/stop')).status, 403)
  machine.fails('journalctl', 1, 'No journal files were opened due to insufficient permissions.\n')
  t.is((await plugin.get('/services/good/logs')).status, 403)
})

test('a service that does not start is a 500 with what systemctl has written', async t => {
  const machine = scene(t)
  machine.fails(
    'start',
    1,
    'Job for good.service failed because the control process exited with error code.\nSee "systemctl status good.service" and "journalctl -xeu good.service" for details.\n',
  )
  t.like(await onScene(machine).post('/services/good/start'), {
    status: 500,
    json: {
      error: 'Io',
      message: 'Job for good.service failed because the control process exited with error code.',
    },
  })
})

test('a machine without systemd is a 503 that says what is missing', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  const text =
    "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n"
  for (const verb of ['show', 'list-units', 'list-unit-files', 'start'])
    machine.fails(verb, 1, text)
  for (const answer of [
    await plugin.put('/services/good/watched'),
    await plugin.get('/services/available'),
    await plugin.post('/services/good/start'),
    await plugin.get('/services/good/logs'),
  ]) {
    t.like(answer, { status: 503 })
    t.regex(
      answer.error?.message ?? '',
      /^System has not been booted with systemd .* This plugin needs a machine that was booted with systemd\.$/,
    )
  }
})

test('tools that are not there, or cannot be run, are a 503 that names them', async t => {
  const empty = testPlugin(new Services(localSystem({ env: onlyWith(t, {}) })))
  t.regex(
    (await empty.get('/services/available')).error?.message ?? '',
    /^systemctl cannot be run \(ENOENT\): this plugin needs systemd/,
  )
  const logs = await empty.get('/services/good/logs')
  t.is(logs.status, 503)
  t.regex(logs.error?.message ?? '', /^journalctl cannot be run/)
})

test('no name gets to a command that is not one', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  const names = [
    ';reboot',
    'a;reboot',
    '--help',
    '-H',
    '--host=evil',
    '../x',
    '..',
    'a b',
    'a\nb',
    '$(reboot)',
    '`reboot`',
    'a|b',
    'a&b',
    '>a',
    'a*',
    'a?',
    '[a-z]',
    'getty@',
    'a\0b',
    'ä',
    ' ',
    '%',
    'x'.repeat(300),
  ]
  for (const name of names) {
    const path = `/services/${encodeURIComponent(name)}`
    const answers = [
      ...(await Promise.all(
        ['start', 'stop', 'restart'].map(action => plugin.post(`${path}/${action}`)),
      )),
      await plugin.get(`${path}/logs`),
      await plugin.put(`${path}/watched`),
      await plugin.delete(`${path}/watched`),
    ]
    for (const { status } of answers)
      t.true(status === 400 || status === 404, `${JSON.stringify(name)}: ${status}`)
  }
  t.deepEqual(machine.calls(), [])
  t.deepEqual(await plugin.stored(), {})
  t.is(
    (await plugin.post('/services/--help/stop')).error?.message,
    'params.name: expected the name of a service, such as ssh.service, got "--help"',
  )
})

test('the journal of a service: as many lines as are asked for, the latest, in the order of time', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  const line = (n: number): string =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: String(n * 1_000_000),
      MESSAGE: `line ${n}`,
      PRIORITY: '4',
      SYSLOG_IDENTIFIER: 'good',
      _PID: '7',
    })
  machine.put(
    'journal/good.service',
    `${Array.from({ length: 300 }, (_, n) => line(n)).join('\n')}\n`,
  )
  const messages = async (query: string) => {
    const entries = await plugin.get(`/services/good/logs${query}`).then(jsonAs(io.array(LogEntry)))
    return entries.map(({ message }) => message)
  }
  t.deepEqual(await messages('?lines=2'), ['line 298', 'line 299'])
  t.is((await messages('')).length, 100)
  t.is((await messages('?lines=1000')).length, 300)
  t.is(
    machine.calls()[0],
    'journalctl|--no-pager|--unit=good.service|--lines=2|--reverse|--output=json|--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_PID',
  )
  t.like(await plugin.get('/services/once/logs'), { status: 200, json: [] })
  t.like(await plugin.get('/services/nobody/logs'), {
    status: 404,
    error: { message: 'there is no service nobody.service' },
  })
  for (const wrong of ['0', '1001', '-5', 'all', '1;reboot']) {
    t.like(await plugin.get(`/services/good/logs?lines=${encodeURIComponent(wrong)}`), {
      status: 400,
      error: { message: `query.lines: expected a number from 1 to 1000, got "${wrong}"` },
    })
  }
})

test('a journal that keeps its entries back is a 403, and one that is only in part kept back is shown', async t => {
  const machine = scene(t)
  const plugin = onScene(machine)
  const hint =
    "Hint: You are currently not seeing messages from other users and the system.\n      Users in groups 'adm', 'systemd-journal' can see all messages.\n      Pass -q to turn off this notice.\n"
  machine.fails('journalctl', 0, hint)
  const answer = await plugin.get('/services/good/logs')
  t.is(answer.status, 403)
  t.regex(
    answer.error?.message ?? '',
    /'adm', 'systemd-journal' can see all messages\. The user that the panel runs as/,
  )
  machine.put('journal/good.service', '{"__REALTIME_TIMESTAMP":"1","MESSAGE":"its own"}\n')
  t.is((await plugin.get('/services/good/logs').then(jsonAs(io.array(LogEntry)))).length, 1)
})

/** A machine whose commands have another deadline, in milliseconds. */
const withDeadline = (system: System, deadline: number): System => ({
  ...system,
  run: (command, signal) => system.run({ ...command, deadline }, signal),
})

test('a journal without end is cut: the newest lines are the answer, and the process is gone', async t => {
  const machine = scene(t)
  machine.put('flood', JSON.stringify({ __REALTIME_TIMESTAMP: '1', MESSAGE: '"'.repeat(4_000) }))
  const plugin = testPlugin(new Services(withDeadline(machine.system, 60_000)))
  const answer = await plugin.get('/services/good/logs?lines=1000')
  const entries = await jsonAs(io.array(LogEntry))(answer)
  t.is(entries.length, 250)
  await gone(await machine.hanging())
})

test('a systemctl that hangs is killed at the deadline, and the answer is a 504 that says what may go on', async t => {
  const machine = scene(t)
  machine.put('hangs/stop', '')
  const plugin = testPlugin(new Services(withDeadline(machine.system, 1_500)))
  const answer = plugin.post('/services/good/stop')
  const pid = await machine.hanging()
  t.like(await answer, {
    status: 504,
    json: {
      error: 'Timeout',
      message:
        'systemctl has not answered within 1.5 s and was stopped; what it has asked of systemd may go on',
    },
  })
  await gone(pid)
})

test('when nobody waits any more, or the time of the request is over, its command is killed', async t => {
  const machine = scene(t)
  machine.put('hangs/stop', '')
  const late = onScene(machine)
  const answer = late.post('/services/good/stop')
  const pid = await machine.hanging()
  await late.clock.advance('20 s')
  t.is((await answer).status, 504)
  await gone(pid)

  const other = scene(t)
  other.put('hangs/stop', '')
  const leaving = new AbortController()
  const left = onScene(other).post('/services/good/stop', undefined, { signal: leaving.signal })
  const abandoned = await other.hanging()
  leaving.abort()
  await t.throwsAsync(left)
  await gone(abandoned)
})

test('a few commands run at once, and the others wait for their turn', async t => {
  const machine = scene(t)
  const env = onlyWith(t, {
    systemctl: `#!/bin/sh\necho > "$SYSTEMD_STAND_IN/begun.$$"; while [ ! -f "$SYSTEMD_STAND_IN/go" ]; do /bin/sleep 0.02; done\n`,
  })
  const begun = (): number =>
    readdirSync(machine.folder).filter(name => name.startsWith('begun.')).length
  const plugin = testPlugin(
    new Services(localSystem({ env: { ...env, SYSTEMD_STAND_IN: machine.folder } })),
  )
  const answers = Array.from({ length: 6 }, (_, n) => plugin.post(`/services/s${n}/start`))
  await until(() => begun() === 4)
  await pause(100)
  t.is(begun(), 4)
  machine.put('go', '')
  // This systemctl shows nothing, so the answers are errors; what counts is that all of them come.
  t.deepEqual(new Set((await Promise.all(answers)).map(({ status }) => status)), new Set([500]))
  t.is(begun(), 12)
})

test('the clock of the machine is the one that systemd stamps with', t => {
  const { now } = localSystem()
  const first = now()
  t.true(now() >= first)
  t.true(first > 1_000_000 && first < NOW * 1_000)
  t.is(recorded('show').includes('ActiveEnterTimestampMonotonic=22925764825'), true)
})
