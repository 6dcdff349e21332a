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

/** The parts of a plugin that an orderly end touches, in the order in which it does. */
export interface Stoppable {
  readonly log: Logger
  /**
   * Takes no new requests; done when those that run are answered, or after so many milliseconds.
   */
  readonly stopServer: (ms: number) => Promise<void>
  readonly onShutdown: () => Promise<void>
  /** Finishes what the store has begun and lets go of its file. */
  readonly closeStore: () => Promise<unknown>
  readonly removeSocket: () => void
  readonly exit: (code: number) => void
}

/**
 * An end in order, which begins once however often it is asked for: finish what runs,
 * `@OnShutdown`, remove the socket, exit 0.
 */
export const shutdown = ({
  log,
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
    stopServer(FINISH_WITHIN)
      .then(() => within(log, '@OnShutdown', ON_SHUTDOWN_WITHIN, onShutdown()))
      .then(() => within(log, 'closing the store', CLOSE_WITHIN, closeStore()))
      .catch((error: unknown) => log.error({ error }, 'the end was not in order'))
      .finally(() => {
        removeSocket()
        exit(EXIT.ok)
      })
  }
}

/** An end that can be asked for before there is anything to end. */
export interface LaterStop {
  readonly ask: (reason: string) => void
  /** Says how it is done; it is done now if it was asked for. */
  readonly becomes: (stop: (reason: string) => void) => void
}

/** See {@link LaterStop}. */
export const laterStop = (): LaterStop => {
  let asked: string | undefined
  let act = (reason: string): void => {
    asked ??= reason
  }
  return {
    ask: reason => act(reason),
    becomes: stop => {
      act = stop
      if (asked !== undefined) stop(asked)
    },
  }
}

/** Waits for some work, though not for longer than `ms` milliseconds. No timer is left behind. */
const within = (log: Logger, what: string, ms: number, work: Promise<unknown>): Promise<void> =>
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
