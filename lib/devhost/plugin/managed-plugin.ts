import { taskQueue } from '../../domain/task-queue.js'
import type { E } from '../../fp.js'
import type { Exchanged, ExchangeOptions } from '../../plugin-process/exchange.js'
import type { Metadata } from '../../plugin-process/metadata.js'
import type { Clock } from '../clock.js'
import type { HostPolicy } from '../host-policy.js'
import type { Launch } from '../process/launch.js'
import type { PluginProcess } from '../process/plugin-process.js'
import { availability, type Unavailable } from './availability.js'
import { deliver } from './delivery.js'
import { type PluginStatus, statusOf } from './plugin-status.js'
import { step } from './step.js'
import {
  type Command,
  type Event,
  initial,
  type Outcome,
  type Request,
  type Tagged,
  type Version,
} from './supervision.js'
import { makeWaiters } from './waiters.js'

/** What a host does for the supervision of a plugin. */
export interface HostCapabilities {
  readonly clock: Clock
  readonly policy: HostPolicy
  /** Starts a process, with a socket path that no other process has had. */
  readonly spawn: (version: Version) => PluginProcess
  readonly exchange: (options: ExchangeOptions) => Promise<Exchanged>
  /** Sends `init`, which is not answered. */
  readonly init: (plugin: PluginProcess, id: string) => Promise<void>
  /** Sends `shutdown`. */
  readonly shutdown: (plugin: PluginProcess, id: string) => Promise<void>
  /** Called after every change. */
  readonly changed: () => void
  /** Tells the author what has happened. */
  readonly say: (kind: 'warn' | 'error', text: string) => void
}

/** A plugin under supervision. Requests are carried out one after the other. */
export interface ManagedPlugin {
  readonly metadata: () => Metadata
  readonly launch: () => Launch
  readonly status: () => PluginStatus
  /**
   * Sends a message to the process that serves, and waits for one that starts. Left if there is
   * none.
   */
  readonly exchange: (message: Message) => Promise<E.Either<Unavailable, Exchanged>>
  /** Waits until it has started or failed, no longer than a request waits. */
  readonly settled: () => Promise<void>
  /** Starts it with its host. */
  readonly start: () => Promise<Outcome>
  /** Starts it because a user enables it. */
  readonly enable: () => Promise<Outcome>
  readonly disable: () => Promise<Outcome>
  /** Ends it in order and starts it again. */
  readonly restart: () => Promise<Outcome>
  /** Sends SIGKILL to the process, to show how it recovers. */
  readonly kill: () => void
  /**
   * Puts a new version in the host of the one that runs, which goes on serving until the new one
   * listens, and for good if that does not. `first: 'old'` ends the old one before the new one
   * starts.
   */
  readonly replace: (version: Version, first: 'new' | 'old') => Promise<Outcome>
  /** Ends it for good. */
  readonly stop: () => Promise<Outcome>
}

/** A message for a plugin, wherever that listens. */
export type Message = Omit<ExchangeOptions, 'path'>

/** A process that was started. */
interface Started {
  readonly process: PluginProcess
  readonly id: string
  /** How many messages it has to answer. */
  inFlight: number
}

/**
 * How long a process that is to end may take to answer what it was sent before, in milliseconds. A
 * plugin of this package answers the rest after its `shutdown`.
 */
const ANSWER_TIMEOUT = 1_000

/** Supervises a plugin, which is not started yet: carries out the commands of {@link step}. */
export const managePlugin = (version: Version, host: HostCapabilities): ManagedPlugin => {
  const stepped = step(host.policy)
  const availableNow = availability(host.policy)
  const inTurn = taskQueue(1)
  const waiters = makeWaiters(host.clock)
  const processes = new Map<number, Started>()
  let state = initial(version)
  let clearTimer = (): void => undefined
  let answer = (_: Outcome): void => undefined

  const dispatch = (event: Event): void => {
    const before = state
    const { state: after, commands } = stepped(state, event)
    state = after
    commands.forEach(execute)
    if (after.service !== before.service || after.version !== before.version) host.changed()
    waiters.wake()
  }
  const request = (event: Request): Promise<Outcome> => {
    dispatch({ _tag: 'Asked', request: event._tag })
    return inTurn(
      () =>
        new Promise(resolve => {
          answer = resolve
          dispatch(event)
        }),
    )
  }

  const spawn = (number: number, spawned: Version): void => {
    const process = host.spawn(spawned)
    processes.set(number, { process, id: spawned.metadata.id, inFlight: 0 })
    void process.ended.then(end => {
      dispatch({
        _tag: 'Ended',
        process: number,
        end,
        lastWords: process.lastWords(),
        lived: host.clock.now() - process.startedAt,
      })
      for (const [known, { process: old }] of processes)
        if (known !== state.process && old.end() !== undefined) processes.delete(known)
    })
  }
  const execute = (command: Command): void => {
    switch (command._tag) {
      case 'Spawn':
        return spawn(command.process, command.version)
      case 'SetTimer':
        clearTimer = host.clock.after(command.ms, () => void request({ _tag: 'RestartDue' }))
        return
      case 'ClearTimer':
        return clearTimer()
      case 'Say':
        return host.say(command.kind, command.text)
      case 'Reply':
        return answer(command.outcome)
      case 'AwaitSocket':
      case 'SendInit':
      case 'TakeStep':
        void executeOn(command)
    }
  }
  const executeOn = async (
    command: Tagged<Command, 'AwaitSocket' | 'SendInit' | 'TakeStep'>,
  ): Promise<void> => {
    const { process: number } = command
    const started = processes.get(number)
    if (started === undefined) return
    const { process, id } = started
    switch (command._tag) {
      case 'AwaitSocket': {
        const { timeout } = command
        if (await process.socketWithin(timeout)) dispatch({ _tag: 'SocketUp', process: number })
        else if (process.end() === undefined)
          dispatch({ _tag: 'SocketLate', process: number, timeout })
        return
      }
      case 'SendInit':
        await host.init(process, id)
        return dispatch({ _tag: 'InitSent', process: number })
      case 'TakeStep': {
        const { send, timeout } = command.step
        if (send === 'shutdown') {
          await waiters.until(() => (started.inFlight === 0 ? true : undefined), ANSWER_TIMEOUT)
          await host.shutdown(process, id)
        } else process.signal(send)
        if (!(await process.endWithin(timeout))) dispatch({ _tag: 'StepTimedOut', process: number })
      }
    }
  }

  const sendTo =
    (message: Message) =>
    async (number: number): Promise<Exchanged | undefined> => {
      const started = processes.get(number)
      if (started === undefined) return undefined
      started.inFlight++
      const exchanged = await host.exchange({ ...message, path: started.process.path })
      started.inFlight--
      waiters.wake()
      return exchanged
    }

  const latest = (): PluginProcess | undefined => processes.get(state.process)?.process
  return {
    metadata: () => state.version.metadata,
    launch: () => state.version.launch,
    status: () => statusOf(state, latest()),
    exchange: message =>
      deliver(
        {
          clock: host.clock,
          waiters,
          now: () => availableNow(state),
          waitForStart: host.policy.waitForStart,
        },
        sendTo(message),
        message.signal,
      ),
    settled: async () => {
      const hasSettled = (): true | undefined =>
        state.service._tag === 'Starting' ? undefined : true
      await waiters.until(hasSettled, host.policy.waitForStart)
    },
    start: () => request({ _tag: 'Start' }),
    enable: () => request({ _tag: 'Enable' }),
    disable: () => request({ _tag: 'Disable' }),
    restart: () => request({ _tag: 'Restart' }),
    kill: () => latest()?.signal('SIGKILL'),
    replace: (newer, first) => request({ _tag: 'Replace', version: newer, first }),
    stop: () => {
      dispatch({ _tag: 'HostEnds' })
      return request({ _tag: 'Stop' })
    },
  }
}
