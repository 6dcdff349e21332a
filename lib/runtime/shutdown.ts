import type { Logger } from '../domain/context.js'
import { EXIT } from './exit-code.js'

/** How long requests that run may take to finish, in milliseconds. */
export const FINISH_WITHIN = 5_000

/** How long `@OnShutdown` may take, in milliseconds. */
export const ON_SHUTDOWN_WITHIN = 3_000

/**
 * How long the store may take to close, in milliseconds. What it has acknowledged is safe without
 * it.
 */
const CLOSE_WITHIN = 1_000

/** What is outside of a plugin that ends. */
export interface Outside {
  /**
   * Takes no new requests; done when those that run are answered, or after so many milliseconds.
   */
  readonly stopServer: (ms: number) => Promise<void>
  readonly removeSocket: () => void
  readonly exit: (code: number) => void
}

/** The parts of a plugin that an orderly end touches. */
export interface Stoppable extends Outside {
  readonly log: Logger
  readonly stopBackground: () => void
  readonly onShutdown: () => Promise<void>
  /** Finishes what the store has begun and lets go of its file. */
  readonly closeStore: () => Promise<unknown>
}

/**
 * An end in order, which begins once however often it is asked for: begin nothing new, finish what
 * runs, `@OnShutdown`, close the store, remove the socket, exit 0.
 */
export const shutdown = ({
  log,
  stopBackground,
  stopServer,
  onShutdown,
  closeStore,
  removeSocket,
  exit,
}: Stoppable): ((reason: string) => void) => {
  let begun = false
  return reason => {
    if (begun) return
    begun = true
    log.info(`stopping: ${reason}`)
    stopBackground()
    stopServer(FINISH_WITHIN)
      .then(() => waitFor(log, '@OnShutdown', ON_SHUTDOWN_WITHIN, onShutdown()))
      .then(() => waitFor(log, 'closing the store', CLOSE_WITHIN, closeStore()))
      .catch((error: unknown) => log.error({ error }, 'the end was not in order'))
      .finally(() => {
        removeSocket()
        exit(EXIT.ok)
      })
  }
}

/** An end that can be asked for before there is anything to end. */
export interface StopRequest {
  readonly ask: (reason: string) => void
  /** Says how it is done; it is done now if it was asked for. */
  readonly handle: (stop: (reason: string) => void) => void
}

/** See {@link StopRequest}. */
export const stopRequest = (): StopRequest => {
  let asked: string | undefined
  let act = (reason: string): void => {
    asked ??= reason
  }
  return {
    ask: reason => act(reason),
    handle: stop => {
      act = stop
      if (asked !== undefined) stop(asked)
    },
  }
}

/** Waits for some work, though not for longer than `ms` milliseconds. No timer is left behind. */
const waitFor = (log: Logger, what: string, ms: number, work: Promise<unknown>): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      log.warn(`${what} did not end within ${ms} ms`)
      resolve()
    }, ms)
    work.then(() => resolve(), reject).finally(() => clearTimeout(timer))
  })

/**
 * The first SIGTERM or SIGINT stops the plugin in order, a second one at once. Signals that come
 * within `together` milliseconds count as one: a guardian hands on what a terminal has sent to
 * both.
 */
export const onSignals = (stop: (reason: string) => void, together = 0): void => {
  let first = Number.POSITIVE_INFINITY
  const onSignal = (signal: 'SIGTERM' | 'SIGINT', number: number): void => {
    process.on(signal, () => {
      const now = performance.now()
      if (now - first > together) process.exit(128 + number)
      first = Math.min(first, now)
      stop(`received ${signal}`)
    })
  }
  onSignal('SIGTERM', 15)
  onSignal('SIGINT', 2)
}
