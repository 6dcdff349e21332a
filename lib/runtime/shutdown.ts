import type { Logger } from '../domain/context.js'
import { EXIT } from './exit-code.js'

/** How long running requests may take to finish, in milliseconds. */
export const FINISH_WITHIN = 5_000

/** How long `@OnShutdown` may take, in milliseconds. */
export const ON_SHUTDOWN_WITHIN = 3_000

/**
 * How long the store may take to close, in milliseconds. What it has acknowledged is stored
 * already.
 */
const CLOSE_WITHIN = 1_000

/** What is outside of a plugin, and ends with it. */
export interface Outside {
  /**
   * Takes no new requests. Resolves when the running ones are answered, or after `ms` milliseconds.
   */
  readonly stopServer: (ms: number) => Promise<void>
  readonly removeSocket: () => void
  readonly exit: (code: number) => void
}

/** What is shut down. */
export interface Stoppable extends Outside {
  readonly log: Logger
  readonly stopBackground: () => void
  readonly onShutdown: () => Promise<void>
  /** Finishes the writes that have begun and closes the store. */
  readonly closeStore: () => Promise<unknown>
}

/**
 * Shuts a plugin down, once: starts nothing new, finishes what runs, runs `@OnShutdown`, closes the
 * store, removes the socket, and exits with 0.
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
      .catch((error: unknown) => log.error({ error }, 'the shutdown failed'))
      .finally(() => {
        removeSocket()
        exit(EXIT.ok)
      })
  }
}

/** A request to stop, which may come before there is anything to stop. */
export interface StopRequest {
  readonly ask: (reason: string) => void
  /** Sets the function that stops. It is called now if a stop was asked for already. */
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

/** Waits for work to end, but no longer than `ms` milliseconds. */
const waitFor = (log: Logger, what: string, ms: number, work: Promise<unknown>): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      log.warn(`${what} did not end within ${ms} ms`)
      resolve()
    }, ms)
    work.then(() => resolve(), reject).finally(() => clearTimeout(timer))
  })

/**
 * The first SIGTERM or SIGINT shuts the plugin down, a second one ends it at once. Signals within
 * `together` milliseconds count as one, because a guardian passes on what a terminal has sent to
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
