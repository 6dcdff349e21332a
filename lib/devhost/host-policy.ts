import { HEALTHY_AFTER, RESTART_DELAYS } from '../domain/host.js'

/** A step in ending a plugin, and how long the plugin then has to end, in milliseconds. */
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

/** Everything in which the development host and the real host differ. */
export interface HostPolicy {
  readonly name: 'development' | 'faithful'
  /** Whether requests are forwarded side by side, or one at a time for all plugins together. */
  readonly requests: 'concurrent' | 'serial'
  /** `null` if the host does not notice that a plugin has died. */
  readonly restarts: RestartPolicy | null
  /**
   * Which starts are followed by an `init`: all, or only those with the host whose socket is in
   * time.
   */
  readonly init: 'every start' | 'host start'
  /**
   * How long a request waits for a plugin that starts, in milliseconds; 0 if it is refused at once,
   * as a plugin that does not run.
   */
  readonly waitForStart: number
  /** Whether a 502 and a 503 of the host say why. */
  readonly explainsFailures: boolean
  /** How a plugin is ended, step by step. */
  readonly stop: readonly [StopStep, ...ReadonlyArray<StopStep>]
  /** Whether a plugin's stdout is read. If not, what the plugin prints stays in its own memory. */
  readonly readsStdout: boolean
  /** Whether answers are compared with the codecs of their routes. */
  readonly checksAnswers: boolean
  /** Whether an answer's wrong `content-length` and `transfer-encoding` are replaced. */
  readonly correctsLength: boolean
}

/** The timeout is for processes that the system is slow to end. */
const KILL: StopStep = { send: 'SIGKILL', timeout: 5_000 }

/** What is most useful to an author. */
export const developmentPolicy: HostPolicy = {
  name: 'development',
  requests: 'concurrent',
  restarts: { delays: RESTART_DELAYS, healthyAfter: HEALTHY_AFTER },
  init: 'every start',
  waitForStart: 10_000,
  explainsFailures: true,
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
  waitForStart: 0,
  explainsFailures: false,
  stop: [KILL],
  readsStdout: false,
  checksAnswers: false,
  correctsLength: false,
}
