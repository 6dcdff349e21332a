import { HEALTHY_AFTER, RESTART_DELAYS } from '../domain/host.js'

/** A step in ending a plugin, and how long the plugin may take then, in milliseconds. */
export interface StopStep {
  readonly send: 'shutdown' | 'SIGTERM' | 'SIGKILL'
  readonly timeout: number
}

/** When a plugin that died is started again. */
export interface RestartPolicy {
  /** The delays before each new start in a row, in milliseconds; after the last one it gives up. */
  readonly delays: ReadonlyArray<number>
  /** A plugin that ran for this long, in milliseconds, begins with the first delay again. */
  readonly healthyAfter: number
}

/** What a host does in its own way. There are two: the development host, and the real one. */
export interface HostPolicy {
  readonly name: 'development' | 'faithful'
  /** Whether requests are forwarded side by side, or one at a time for all plugins together. */
  readonly requests: 'concurrent' | 'serial'
  /** `null`: nobody notices that a plugin has died. */
  readonly restarts: RestartPolicy | null
  /** Which starts send an `init`: all of them, or those with the host whose socket is in time. */
  readonly init: 'every start' | 'host start'
  /** How a plugin is ended. */
  readonly stop: readonly [StopStep, ...ReadonlyArray<StopStep>]
  /** Whether a plugin's stdout is read. Where it is not, what the plugin prints piles up in it. */
  readonly readsStdout: boolean
  /** Whether answers are compared with the codecs of their routes. */
  readonly checksAnswers: boolean
  /** Whether an answer's wrong `content-length` and `transfer-encoding` are replaced. */
  readonly correctsLength: boolean
}

/** SIGKILL cannot be refused; this is for a process that the system is slow to end. */
const KILL: StopStep = { send: 'SIGKILL', timeout: 5_000 }

/** What helps an author. */
export const developmentPolicy: HostPolicy = {
  name: 'development',
  requests: 'concurrent',
  restarts: { delays: RESTART_DELAYS, healthyAfter: HEALTHY_AFTER },
  init: 'every start',
  stop: [{ send: 'shutdown', timeout: 3_000 }, { send: 'SIGTERM', timeout: 2_000 }, KILL],
  readsStdout: true,
  checksAnswers: true,
  correctsLength: true,
}

/** What today's host does (docs/protocol.md#process-contract). */
export const faithfulPolicy: HostPolicy = {
  name: 'faithful',
  requests: 'serial',
  restarts: null,
  init: 'host start',
  stop: [KILL],
  readsStdout: false,
  checksAnswers: false,
  correctsLength: false,
}
