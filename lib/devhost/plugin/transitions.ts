import { identity } from 'fp-ts/lib/function.js'
import { HOST_START_TIMEOUT } from '../../domain/host.js'
import { E } from '../../fp.js'
import type { HostPolicy, StopStep } from '../host-policy.js'
import {
  type Command,
  DONE,
  type Next,
  type Outcome,
  type Service,
  type State,
  type Stepped,
  type Tagged,
  type Work,
} from './supervision.js'

/** How long a new version may take to listen, in milliseconds. */
const REPLACE_TIMEOUT = 10_000

/** How long a socket is looked for that was not there in time, in milliseconds. */
const LATE_TIMEOUT = 600_000

/** How a plugin starts with its host, and when its turn comes after it died. */
export const AT_HOST_START: Tagged<Next, 'Start'> = {
  _tag: 'Start',
  timeout: HOST_START_TIMEOUT,
  sendInit: true,
  outcome: DONE,
}

/** A new version that does not listen cannot be asked to end. */
export const KILL: StopStep = { send: 'SIGKILL', timeout: 5_000 }

const OVER: Outcome = E.left('the host is stopping')

/** Nothing follows. */
export const unchanged = (state: State): Stepped => ({ state, commands: [] })

/** Ends the work for a request. */
export const reply = (state: State, outcome: Outcome): Stepped => ({
  state: { ...state, work: { _tag: 'None' } },
  commands: [{ _tag: 'Reply', outcome }],
})

/** Ends the work for a request that waited for the process that serves, and no other. */
export const replyToStart = (state: State, outcome: (intended: Outcome) => Outcome): Stepped =>
  state.work._tag === 'Start' ? reply(state, outcome(state.work.outcome)) : unchanged(state)

/** Commands, and then what follows. */
export const after = (
  commands: ReadonlyArray<Command>,
  { state, commands: more }: Stepped,
): Stepped => ({
  state,
  commands: [...commands, ...more],
})

/** A notice for the author. */
export const say = (kind: 'warn' | 'error', text: string): Command => ({ _tag: 'Say', kind, text })

/** That a socket is late. */
export const notThere = (timeout: number): string =>
  `its socket was not there within ${timeout / 1_000} s`

/** Calls off the new start of a plugin that died. */
const clearTimer = ({ _tag }: Service): ReadonlyArray<Command> =>
  _tag === 'Restarting' ? [{ _tag: 'ClearTimer' }] : []

/** Starts the plugin as it is. */
export const start = (
  state: State,
  { timeout, sendInit, outcome }: Tagged<Next, 'Start'>,
): Stepped => {
  if (state.isOver) return reply(state, OVER)
  const process = state.started + 1
  return {
    state: {
      ...state,
      service: { _tag: 'Starting', sendInit, late: null },
      work: { _tag: 'Start', outcome },
      started: process,
      process,
    },
    commands: [
      ...clearTimer(state.service),
      { _tag: 'Spawn', process, version: state.version },
      { _tag: 'AwaitSocket', process, timeout },
    ],
  }
}

/** The process that starts listens, and has its `init` if it gets one. */
export const running = (state: State): Stepped =>
  replyToStart({ ...state, service: { _tag: 'Running' } }, identity)

/** The socket of the process that starts is late: it is waited for, and nobody waits with it. */
export const startsLate = (
  policy: HostPolicy,
  state: State,
  sendInit: boolean,
  timeout: number,
): Stepped => {
  const late = notThere(timeout)
  const sendsInit = policy.init === 'every start'
  return after(
    [
      say(
        'warn',
        sendsInit
          ? `${late}: today's host would have sent it no init. It is waited for.`
          : `${late}: it gets no init`,
      ),
      { _tag: 'AwaitSocket', process: state.process, timeout: LATE_TIMEOUT },
    ],
    replyToStart(
      { ...state, service: { _tag: 'Starting', sendInit: sendInit && sendsInit, late } },
      identity,
    ),
  )
}

/** Tells a process its `init`. */
export const sendInit = (state: State, process: number): Stepped => ({
  state,
  commands: [{ _tag: 'SendInit', process }],
})

/** Ends the process that serves, if there is one, with `service` in its place. */
export const stop = (policy: HostPolicy, state: State, service: Service, next: Next): Stepped => {
  const { _tag } = state.service
  return after(
    clearTimer(state.service),
    _tag === 'Starting' || _tag === 'Running'
      ? takeSteps({ ...state, service }, state.process, policy.stop, next)
      : follow({ ...state, service }, next),
  )
}

/** Ends a process step by step, each once the time for the one before has run down. */
export const takeSteps = (
  state: State,
  process: number,
  steps: ReadonlyArray<StopStep>,
  next: Next,
): Stepped => {
  const [first] = steps
  return first === undefined
    ? follow(state, next)
    : {
        state: { ...state, work: { _tag: 'Stop', process, steps, next } },
        commands: [{ _tag: 'TakeStep', process, step: first }],
      }
}

/** A process has not ended after a step: the next one is taken. */
export const takeNextStep = (
  state: State,
  { process, steps: [taken, ...left], next }: Tagged<Work, 'Stop'>,
): Stepped => {
  const [following] = left
  return after(
    taken === undefined || following === undefined
      ? []
      : [
          say(
            'warn',
            `it did not end within ${taken.timeout / 1_000} s of ${taken.send}: ${following.send}`,
          ),
        ],
    takeSteps(state, process, left, next),
  )
}

/** Goes on after the end of a process. */
export const follow = (state: State, next: Next): Stepped => {
  switch (next._tag) {
    case 'Reply':
      return reply(state, next.outcome)
    case 'Start':
      return start(state, next)
    case 'Replace':
      return startNew(state, next)
  }
}

/** Starts a new version, beside the old one unless that has ended. */
export const startNew = (
  state: State,
  { version, oldEnded }: Omit<Tagged<Next, 'Replace'>, '_tag'>,
): Stepped => {
  if (state.isOver) return reply(state, OVER)
  const process = state.started + 1
  return {
    state: { ...state, work: { _tag: 'Replace', process, version, oldEnded }, started: process },
    commands: [
      { _tag: 'Spawn', process, version },
      { _tag: 'AwaitSocket', process, timeout: REPLACE_TIMEOUT },
    ],
  }
}

/** The host ends: whoever waits for a new version waits no longer. */
export const end = (state: State): Stepped => ({
  state: { ...state, isOver: true },
  commands: [
    ...clearTimer(state.service),
    ...(state.work._tag === 'Replace'
      ? [{ _tag: 'TakeStep', process: state.work.process, step: KILL } as const]
      : []),
  ],
})
