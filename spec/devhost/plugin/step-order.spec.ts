import test from 'ava'
import {
  developmentPolicy,
  faithfulPolicy,
  type HostPolicy,
} from '../../../lib/devhost/host-policy.js'
import { type Availability, availability } from '../../../lib/devhost/plugin/availability.js'
import { step } from '../../../lib/devhost/plugin/step.js'
import {
  type Command,
  type Event,
  initial,
  type Request,
  type State,
  type Version,
} from '../../../lib/devhost/plugin/supervision.js'
import fc, { runs } from '../../support/properties.js'

const VERSION: Version = {
  launch: { command: ['notes'], source: 'notes' },
  metadata: { id: 'notes', name: 'Notes', version: '1', author: null, icon: '', route: '/notes' },
}

const REQUESTS: ReadonlyArray<Request> = [
  { _tag: 'Enable' },
  { _tag: 'Disable' },
  { _tag: 'Restart' },
  { _tag: 'Replace', version: VERSION, first: 'new' },
  { _tag: 'Replace', version: VERSION, first: 'old' },
]

/** A model of a host and the processes of a plugin. */
interface Model {
  readonly state: State
  /** Commands without a consequence so far. */
  readonly open: ReadonlyArray<Command>
  readonly alive: ReadonlyArray<number>
  readonly isWaiting: boolean
  readonly answers: number
}

const FIRST: Model = {
  state: initial(VERSION),
  open: [],
  alive: [],
  isWaiting: false,
  answers: 0,
}

/** What may happen now. A process that was sent SIGKILL can only end. */
const possible = ({ state, open, alive, isWaiting }: Model): ReadonlyArray<Event> => [
  ...open.flatMap((command): ReadonlyArray<Event> => {
    if (!('process' in command) || !alive.includes(command.process)) return []
    const { process } = command
    switch (command._tag) {
      case 'AwaitSocket':
        return [
          { _tag: 'SocketUp', process },
          { _tag: 'SocketLate', process, timeout: command.timeout },
        ]
      case 'SendInit':
        return [{ _tag: 'InitSent', process }]
      case 'TakeStep':
        return command.step.send === 'SIGKILL' ? [] : [{ _tag: 'StepTimedOut', process }]
      default:
        return []
    }
  }),
  ...alive.map(
    (process): Event => ({
      _tag: 'Ended',
      process,
      end: { code: 1, signal: null },
      lastWords: '',
      lived: 5,
    }),
  ),
  ...(state.work._tag === 'None' ? REQUESTS : []),
  ...REQUESTS.map(({ _tag }): Event => ({ _tag: 'Asked', request: _tag })),
  ...(state.work._tag === 'None' && isWaiting ? [{ _tag: 'RestartDue' } as const] : []),
]

/** Whether an event is the consequence of a command, which then has no other. */
const isCause =
  (event: Event) =>
  (command: Command): boolean =>
    'process' in event &&
    'process' in command &&
    event.process === command.process &&
    ((command._tag === 'AwaitSocket' && /^Socket/.test(event._tag)) ||
      (command._tag === 'SendInit' && event._tag === 'InitSent') ||
      (command._tag === 'TakeStep' && event._tag === 'StepTimedOut'))

const after = (policy: HostPolicy, model: Model, event: Event): Model => {
  const { state, commands } = step(policy)(model.state, event)
  const of = (tag: Command['_tag']) => commands.filter(({ _tag }) => _tag === tag)
  const isWaiting = event._tag !== 'RestartDue' && model.isWaiting && of('ClearTimer').length === 0
  return {
    state,
    open: [...model.open.filter(command => !isCause(event)(command)), ...commands],
    alive: [
      ...model.alive.filter(process => event._tag !== 'Ended' || process !== event.process),
      ...of('Spawn').flatMap(command => ('process' in command ? [command.process] : [])),
    ],
    isWaiting: isWaiting || of('SetTimer').length > 0,
    answers: of('Reply').length,
  }
}

/**
 * Messages go to a process that is alive, and wait only for what is being done, is due, or was
 * asked for.
 */
const isHonest = (found: Availability, { state, alive, isWaiting }: Model): boolean => {
  switch (found._tag) {
    case 'Available':
      return alive.includes(found.process)
    case 'Starting':
      return (
        state.work._tag !== 'None' ||
        isWaiting ||
        state.service._tag === 'Starting' ||
        (state.service._tag === 'Disabled' && state.isWanted)
      )
    case 'Down':
      return state.service._tag === 'Failed'
    case 'Disabled':
      return state.service._tag === 'Disabled'
  }
}

test('whatever happens in whatever order, a request is answered once, then only what serves is alive, and messages go there', t => {
  fc.assert(
    fc.property(
      fc.constantFrom(developmentPolicy, faithfulPolicy),
      fc.array(fc.nat(99), { maxLength: 120 }),
      (policy, choices) => {
        let model = after(policy, FIRST, { _tag: 'Start' })
        for (const choice of choices) {
          const events = possible(model)
          const event = events[choice % events.length]
          if (event === undefined) return false
          const wasBusy = model.state.work._tag !== 'None'
          model = after(policy, model, event)
          const { state, alive, isWaiting, answers } = model
          const isBusy = state.work._tag !== 'None'
          const isAsked = !('process' in event) && event._tag !== 'Asked'
          const { _tag } = state.service
          if (answers !== Number((wasBusy || isAsked) && !isBusy)) return false
          if (isWaiting !== (_tag === 'Restarting')) return false
          const serving = _tag === 'Starting' || _tag === 'Running' ? [state.process] : []
          if (!isBusy && String(alive) !== String(serving)) return false
          const found = availability(policy)(state)
          if (policy === developmentPolicy && !isHonest(found, model)) return false
        }
        return true
      },
    ),
    runs(500),
  )
  t.pass()
})
