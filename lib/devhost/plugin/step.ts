import { HOST_ENABLE_TIMEOUT } from '../../domain/host.js'
import type { HostPolicy } from '../host-policy.js'
import { died } from './death.js'
import { killNew, notReplaced, replaced } from './replacement.js'
import {
  DONE,
  type Event,
  type Next,
  type Request,
  type Service,
  type State,
  type Stepped,
  type Tagged,
  type Work,
} from './supervision.js'
import {
  AT_HOST_START,
  end,
  follow,
  reply,
  running,
  sendInit,
  start,
  startNew,
  startsLate,
  stop,
  takeNextStep,
  unchanged,
} from './transitions.js'

const IDLE: Service = { _tag: 'Idle' }
const REPLY: Next = { _tag: 'Reply', outcome: DONE }

/** The next state of a plugin, and what its host has to do. */
export const step =
  (policy: HostPolicy) =>
  (state: State, event: Event): Stepped => {
    switch (event._tag) {
      case 'Asked':
        return unchanged({ ...state, isWanted: isWanted(state, event.request) })
      case 'Start':
        return start(state, AT_HOST_START)
      case 'RestartDue':
        return state.service._tag === 'Restarting'
          ? start({ ...state, restarts: state.restarts + 1 }, AT_HOST_START)
          : reply(state, DONE)
      case 'Enable':
        return hasProcess(state.service)
          ? reply(state, DONE)
          : start({ ...state, restarts: 0, streak: 0 }, whenEnabled(policy))
      case 'Restart':
        return stop(policy, { ...state, restarts: 0, streak: 0 }, IDLE, whenEnabled(policy))
      case 'Disable':
        return stop(policy, state, { _tag: 'Disabled' }, REPLY)
      case 'Stop':
        return stop(policy, state, IDLE, REPLY)
      case 'Replace':
        if (state.service._tag === 'Disabled')
          return reply({ ...state, version: event.version }, DONE)
        return event.first === 'old'
          ? stop(policy, state, IDLE, { _tag: 'Replace', version: event.version, oldEnded: true })
          : startNew(state, { version: event.version, oldEnded: false })
      case 'HostEnds':
        return end(state)
      case 'SocketUp':
        if (concerns(state, 'Replace', event)) return sendInit(state, event.process)
        if (!starts(state, event)) return unchanged(state)
        return state.service.sendInit ? sendInit(state, event.process) : running(state)
      case 'InitSent':
        if (concerns(state, 'Replace', event)) return replaced(policy, state, state.work)
        return starts(state, event) ? running(state) : unchanged(state)
      case 'SocketLate':
        if (concerns(state, 'Replace', event)) return killNew(state, state.work, event.timeout)
        return starts(state, event) && state.service.late === null
          ? startsLate(policy, state, state.service.sendInit, event.timeout)
          : unchanged(state)
      case 'StepTimedOut':
        return concerns(state, 'Stop', event) ? takeNextStep(state, state.work) : unchanged(state)
      case 'Ended':
        if (concerns(state, 'Stop', event)) return follow(state, state.work.next)
        if (concerns(state, 'Replace', event))
          return follow(state, notReplaced(state.work, event.lastWords))
        return event.process === state.process && hasProcess(state.service)
          ? died(policy, state, event)
          : unchanged(state)
    }
  }

/** Whether a plugin is to run, once a request has come. */
const isWanted = (before: State, request: Request['_tag']): boolean => {
  switch (request) {
    case 'Start':
    case 'Enable':
    case 'Restart':
      return true
    case 'Disable':
    case 'Stop':
      return false
    case 'Replace':
    case 'RestartDue':
      return before.isWanted
  }
}

const whenEnabled = ({ init }: HostPolicy): Tagged<Next, 'Start'> => ({
  ...AT_HOST_START,
  timeout: HOST_ENABLE_TIMEOUT,
  sendInit: init === 'every start',
})

/** Whether a service has a process, as far as its host knows. */
export const hasProcess = ({ _tag }: Service): boolean =>
  _tag === 'Starting' || _tag === 'Running' || _tag === 'Unnoticed'

interface OfProcess {
  readonly process: number
}

/** Whether the process of an event is the one that is to serve, and starts. */
const starts = (
  state: State,
  { process }: OfProcess,
): state is State & { readonly service: Tagged<Service, 'Starting'> } =>
  state.service._tag === 'Starting' && state.process === process

/** Whether the process of an event is the one that the work is about. */
const concerns = <Tag extends 'Replace' | 'Stop'>(
  state: State,
  tag: Tag,
  { process }: OfProcess,
): state is State & { readonly work: Tagged<Work, Tag> } =>
  state.work._tag === tag && 'process' in state.work && state.work.process === process
