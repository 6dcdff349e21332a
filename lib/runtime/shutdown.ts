import type { Logger } from '../domain/context.js'
import { EXIT } from './exit-code.js'

/** How long requests that run may take to finish, in milliseconds. */
export const FINISH_WITHIN = 5_000

/** How long `@OnShutdown` may take, in milliseconds. */
export const ON_SHUTDOWN_WITHIN = 3_000

/** The parts of a plugin that an orderly end touches, in the order in which it does. */
export interface Stoppable {
  readonly log: Logger
  /** Takes no new requests; done when those that run are answered, or after so many milliseconds. */
  readonly stopServer: (ms: number) => Promise<void>
  readonly onShutdown: () => Promise<void>
  readonly removeSocket: () => void
  readonly exit: (code: number) => void
}

/** An end in order, which begins once however often it is asked for: finish what runs, `@OnShutdown`, remove the socket, exit 0. */
export const shutdown = ({ log, stopServer, onShutdown, removeSocket, exit }: Stoppable): ((reason: string) => void) => {
  let begun = false
  return reason => {
    if (begun) return
    begun = true
    log.info(`stopping: ${reason}`)
    stopServer(FINISH_WITHIN)
      .then(() => Promise.race([onShutdown(), tooLong(log)]))
      .catch((error: unknown) => log.error({ error }, 'the end was not in order'))
      .finally(() => {
        removeSocket()
        exit(EXIT.ok)
      })
  }
}

const tooLong = (log: Logger): Promise<void> =>
  new Promise(resolve => {
    setTimeout(() => {
      log.warn(`@OnShutdown did not end within ${ON_SHUTDOWN_WITHIN} ms`)
      resolve()
    }, ON_SHUTDOWN_WITHIN)
  })

/** The first SIGTERM or SIGINT stops the plugin in order, a second one at once. What escapes from an author's code is logged and survived. */
export const onSignals = (stop: (reason: string) => void, log: Logger): void => {
  let signals = 0
  const onSignal = (signal: 'SIGTERM' | 'SIGINT', number: number): void => {
    process.on(signal, () => {
      signals++
      if (signals > 1) process.exit(128 + number)
      stop(`received ${signal}`)
    })
  }
  onSignal('SIGTERM', 15)
  onSignal('SIGINT', 2)
  process.on('uncaughtException', error => log.error({ error }, `an exception that nobody caught: ${error.message}`))
  process.on('unhandledRejection', error => log.error({ error }, 'a promise was rejected and nobody looked'))
}
