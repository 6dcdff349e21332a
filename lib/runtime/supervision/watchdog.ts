import { Worker } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import type { Logger } from '../../domain/context.js'
import { HOST_LOG_READ } from '../../domain/host.js'
import { messageOf } from '../../domain/thrown.js'
import { descriptorKind } from '../log/descriptor.js'
import { MAX_LINE } from '../log/log-line.js'
import type { Parents } from './parent-watch.js'
import { WATCHDOG_WORKER, type WatchdogData } from './watchdog-worker.js'

/** How long the event loop may be blocked once the host is gone, in milliseconds. */
export const ORPHAN_TIMEOUT = 3_000

/** What a watchdog needs. */
export interface WatchdogOptions {
  readonly pluginId: string
  /** How long the event loop may be blocked, in milliseconds; 0 for no watchdog. */
  readonly stallTimeout: number
  /** The processes that a plugin with a blocked event loop does not outlive either. */
  readonly parents: Parents
  readonly log: Logger
}

/** What the worker needs: by default its young generation is as large as a program's. */
const RESOURCE_LIMITS = {
  maxOldGenerationSizeMb: 32,
  maxYoungGenerationSizeMb: 1,
  codeRangeSizeMb: 1,
  stackSizeMb: 1,
}

/**
 * A watchdog for the event loop, in a worker thread. The function that is returned starts it, once,
 * however often it is called. It does not keep the process alive.
 *
 * If the event loop is blocked for `stallTimeout`, or for {@link ORPHAN_TIMEOUT} while the host is
 * gone, the watchdog logs the stack of the code that blocks it and kills the process (SIGKILL; a
 * shell and a guardian see exit code 137). It does not while the inspector is open (`--inspect`,
 * SIGUSR1), and time in which the whole process was stopped does not count. If the thread cannot be
 * started, that is logged, and the plugin runs without a watchdog.
 */
export const makeWatchdog = ({
  pluginId,
  stallTimeout,
  parents,
  log,
}: WatchdogOptions): (() => void) => {
  let started = stallTimeout === 0
  return () => {
    if (started) return
    started = true
    const kind = descriptorKind(2)
    const data: WatchdogData = {
      shared: new Int32Array(new SharedArrayBuffer(8)),
      tick: Math.min(1_000, stallTimeout / 8),
      stallTimeout,
      orphanTimeout: Math.min(ORPHAN_TIMEOUT, stallTimeout),
      parent: parents.parent,
      grandparent: parents.grandparent,
      plugin: pluginId,
      form: kind === 'pipe' ? 'padded' : kind === 'terminal' ? 'pretty' : 'line',
      maxLine: MAX_LINE,
      padTo: HOST_LOG_READ,
    }
    const failed = (cause: unknown): void =>
      log.warn({ error: cause }, `the event loop is not watched: ${messageOf(cause)}`)
    const worker = E.tryCatch(() => startWorker(data), failed)
    if (E.isLeft(worker)) return
    worker.right.on('error', failed)
    startHeartbeat(data)
  }
}

/**
 * The worker shares nothing with the process that it can do without: no environment, no `--import`
 * of a loader, and no streams.
 */
const startWorker = (workerData: WatchdogData): Worker => {
  const worker = new Worker(WATCHDOG_WORKER, {
    eval: true,
    workerData,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    trackUnmanagedFds: false,
    resourceLimits: RESOURCE_LIMITS,
  })
  worker.unref()
  return worker
}

const startHeartbeat = ({ shared, tick }: WatchdogData): void => {
  const inspector = E.toUnion(
    E.tryCatch(
      () => process.getBuiltinModule('node:inspector'),
      () => undefined,
    ),
  )
  setInterval(() => {
    Atomics.store(shared, 1, inspector?.url() === undefined ? 0 : 1)
    Atomics.add(shared, 0, 1)
  }, tick).unref()
}
