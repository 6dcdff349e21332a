import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { developmentPolicy, faithfulPolicy } from '../../../lib/devhost/host-policy.js'
import { step } from '../../../lib/devhost/plugin/step.js'
import {
  type Command,
  type Event,
  initial,
  type State,
  type Version,
} from '../../../lib/devhost/plugin/supervision.js'

const version = (name: string): Version => ({
  launch: { command: [name], source: name },
  metadata: { id: 'notes', name, version: '1', author: null, icon: '', route: '/notes' },
})
const [ONE, TWO] = [version('one'), version('two')]

const ended = (process: number, code = 1, lived = 5): Event => ({
  _tag: 'Ended',
  process,
  end: { code, signal: null },
  lastWords: `it ended with exit code ${code}; it wrote: oh`,
  lived,
})
const socketUp = (process: number): Event => ({ _tag: 'SocketUp', process })
const initSent = (process: number): Event => ({ _tag: 'InitSent', process })
const START: Event = { _tag: 'Start' }
const UP = [START, socketUp(1), initSent(1)]
const replaceWith = (first: 'new' | 'old'): Event => ({ _tag: 'Replace', version: TWO, first })

/** The state after these events, and the commands of the last one. */
const after = (
  events: ReadonlyArray<Event>,
  policy = developmentPolicy,
): { readonly state: State; readonly commands: ReadonlyArray<Command> } =>
  events.reduce((before, event) => step(policy)(before.state, event), {
    state: initial(ONE),
    commands: [] as ReadonlyArray<Command>,
  })

const REPLY: Command = { _tag: 'Reply', outcome: E.right(undefined) }
const RUNNING: State = { ...initial(ONE), service: { _tag: 'Running' }, started: 1, process: 1 }

test('a plugin that starts is spawned, waited for, told its init, and runs', t => {
  t.deepEqual(after([START]), {
    state: {
      ...initial(ONE),
      service: { _tag: 'Starting', sendInit: true, late: null },
      work: { _tag: 'Start', outcome: E.right(undefined) },
      started: 1,
      process: 1,
    },
    commands: [
      { _tag: 'Spawn', process: 1, version: ONE },
      { _tag: 'AwaitSocket', process: 1, timeout: 1_000 },
    ],
  })
  t.deepEqual(after([START, socketUp(1)]).commands, [{ _tag: 'SendInit', process: 1 }])
  t.deepEqual(after(UP), { state: RUNNING, commands: [REPLY] })
})

test('a late socket is waited for, and gets its init from the development host only', t => {
  const late: Event = { _tag: 'SocketLate', process: 1, timeout: 1_000 }
  const reason = 'its socket was not there within 1 s'
  const said = (text: string): ReadonlyArray<Command> => [
    { _tag: 'Say', kind: 'warn', text },
    { _tag: 'AwaitSocket', process: 1, timeout: 600_000 },
    REPLY,
  ]
  t.deepEqual(after([START, late]), {
    state: { ...RUNNING, service: { _tag: 'Starting', sendInit: true, late: reason } },
    commands: said(`${reason}: today's host would have sent it no init. It is waited for.`),
  })
  t.deepEqual(after([START, late, socketUp(1)]).commands, [{ _tag: 'SendInit', process: 1 }])
  t.deepEqual(after([START, late], faithfulPolicy).commands, said(`${reason}: it gets no init`))
  t.deepEqual(after([START, late, socketUp(1)], faithfulPolicy), { state: RUNNING, commands: [] })
})

test('the start of a plugin that dies fails, and so does none that it died after', t => {
  const { state, commands } = after([START, ended(1)])
  t.deepEqual(state.service, {
    _tag: 'Restarting',
    reason: 'it ended with exit code 1; it is started again in 1 s',
  })
  t.deepEqual(commands, [
    {
      _tag: 'Say',
      kind: 'error',
      text: 'it ended with exit code 1; it wrote: oh. It is started again in 1 s.',
    },
    { _tag: 'SetTimer', ms: 1_000 },
    { _tag: 'Reply', outcome: E.left('it ended with exit code 1; it wrote: oh') },
  ])
  t.deepEqual(after([...UP, ended(1)]).commands.at(-1), { _tag: 'SetTimer', ms: 1_000 })
})

test('a plugin that died is started when its timer has run down, unless it was disabled', t => {
  const due: Event = { _tag: 'RestartDue' }
  const again = after([...UP, ended(1), due])
  t.like(again.state, { service: { _tag: 'Starting' }, restarts: 1, streak: 1, process: 2 })
  t.deepEqual(after([...UP, ended(1), { _tag: 'Disable' }]).commands, [
    { _tag: 'ClearTimer' },
    REPLY,
  ])
  t.deepEqual(after([...UP, ended(1), { _tag: 'Disable' }, due]).commands, [REPLY])
})

test('a bad configuration is given up, and enabling it starts it all the same', t => {
  const { state, commands } = after([...UP, ended(1, 78)])
  const reason = 'its configuration does not fit; it ended with exit code 78; it wrote: oh'
  t.deepEqual(state, { ...RUNNING, service: { _tag: 'Failed', reason } })
  t.deepEqual(commands, [
    { _tag: 'Say', kind: 'error', text: `${reason}. It is not started again.` },
  ])
  t.like(after([...UP, ended(1, 78), { _tag: 'Enable' }]).state, {
    service: { _tag: 'Starting' },
    process: 2,
  })
})

test('the faithful host notices no death: enabling does nothing, disabling ends nothing', t => {
  const dead = [...UP, ended(1)]
  const service = { _tag: 'Unnoticed', reason: 'it ended with exit code 1' } as const
  t.deepEqual(after(dead, faithfulPolicy).state, { ...RUNNING, service })
  t.deepEqual(after([...dead, { _tag: 'Enable' }], faithfulPolicy), {
    state: { ...RUNNING, service },
    commands: [REPLY],
  })
  t.deepEqual(after([...dead, { _tag: 'Disable' }], faithfulPolicy), {
    state: { ...RUNNING, service: { _tag: 'Disabled' } },
    commands: [REPLY],
  })
  const enabled = after([...dead, { _tag: 'Disable' }, { _tag: 'Enable' }], faithfulPolicy)
  t.like(enabled.state.service, { _tag: 'Starting', sendInit: false })
})

test('a plugin that is disabled is asked to end, told to, and killed', t => {
  const timedOut: Event = { _tag: 'StepTimedOut', process: 1 }
  const taken = [0, 1, 2, 3].map(
    steps =>
      after([...UP, { _tag: 'Disable' }, ...Array.from({ length: steps }, () => timedOut)])
        .commands,
  )
  const warn = (text: string): Command => ({ _tag: 'Say', kind: 'warn', text })
  t.deepEqual(taken, [
    [{ _tag: 'TakeStep', process: 1, step: { send: 'shutdown', timeout: 3_000 } }],
    [
      warn('it did not end within 3 s of shutdown: SIGTERM'),
      { _tag: 'TakeStep', process: 1, step: { send: 'SIGTERM', timeout: 2_000 } },
    ],
    [
      warn('it did not end within 2 s of SIGTERM: SIGKILL'),
      { _tag: 'TakeStep', process: 1, step: { send: 'SIGKILL', timeout: 5_000 } },
    ],
    [REPLY],
  ])
  t.deepEqual(after([...UP, { _tag: 'Disable' }, ended(1, 0)]), {
    state: { ...RUNNING, service: { _tag: 'Disabled' } },
    commands: [REPLY],
  })
})

test('a new version takes the place of the old one once it has its init, and then the old one ends', t => {
  const up = [...UP, replaceWith('new'), socketUp(2)]
  t.deepEqual(after(up).commands, [{ _tag: 'SendInit', process: 2 }])
  t.like(after(up).state, { service: { _tag: 'Running' }, process: 1, version: ONE })
  const taken = after([...up, initSent(2)])
  t.like(taken.state, { service: { _tag: 'Running' }, process: 2, version: TWO })
  t.deepEqual(taken.commands, [
    { _tag: 'TakeStep', process: 1, step: { send: 'shutdown', timeout: 3_000 } },
  ])
  t.deepEqual(after([...up, initSent(2), ended(1, 0)]), {
    state: { ...RUNNING, version: TWO, started: 2, process: 2 },
    commands: [REPLY],
  })
})

test('a new version that ends or does not listen leaves the old one as it is', t => {
  const outcome = (why: string): Command => ({
    _tag: 'Reply',
    outcome: E.left(`the new version does not start: ${why}`),
  })
  const late: Event = { _tag: 'SocketLate', process: 2, timeout: 10_000 }
  t.deepEqual(after([...UP, replaceWith('new'), ended(2)]), {
    state: { ...RUNNING, started: 2 },
    commands: [outcome('it ended with exit code 1; it wrote: oh')],
  })
  t.deepEqual(after([...UP, replaceWith('new'), late]).commands, [
    { _tag: 'TakeStep', process: 2, step: { send: 'SIGKILL', timeout: 5_000 } },
  ])
  t.deepEqual(after([...UP, replaceWith('new'), late, ended(2)]), {
    state: { ...RUNNING, started: 2 },
    commands: [outcome('its socket was not there within 10 s')],
  })
})

test('an old version that ended first comes back when the new one does not start', t => {
  const dead = after([...UP, replaceWith('old'), ended(1, 0), ended(2)])
  t.like(dead.state, { service: { _tag: 'Starting' }, process: 3, version: ONE })
  const back = [...UP, replaceWith('old'), ended(1, 0), ended(2), socketUp(3), initSent(3)]
  t.deepEqual(after(back).commands, [
    {
      _tag: 'Reply',
      outcome: E.left('the new version does not start: it ended with exit code 1; it wrote: oh'),
    },
  ])
})

test('when the host ends a new version is not waited for, and nothing is started any more', t => {
  const ends: Event = { _tag: 'HostEnds' }
  t.deepEqual(after([...UP, replaceWith('new'), ends]).commands, [
    { _tag: 'TakeStep', process: 2, step: { send: 'SIGKILL', timeout: 5_000 } },
  ])
  const over: Command = { _tag: 'Reply', outcome: E.left('the host is stopping') }
  t.deepEqual(
    [{ _tag: 'Start' } as const, replaceWith('new')].map(event => after([ends, event]).commands),
    [[over], [over]],
  )
})
