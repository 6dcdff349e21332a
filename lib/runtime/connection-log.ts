import type { Clock } from '../domain/clock.js'
import type { Logger } from '../domain/context.js'
import type { ServerOptions } from '../transport/server/server.js'
import { formatCounts, makeLogThrottle } from './log/log-throttle.js'
import { makeRateLimit } from './log/rate-limit.js'

/**
 * Logs what a server reports of its connections. Events that clients can cause as often as they
 * like are counted, and logged once a second.
 */
export const connectionLog = (
  log: Logger,
  clock: Clock,
): Pick<ServerOptions, 'onInvalidInput' | 'onUnsent' | 'onEviction'> => {
  const evictions = makeLogThrottle(clock, counts =>
    log.warn(counts, `connections were closed so that others are served: ${formatCounts(counts)}`),
  )
  const faults = makeLogThrottle(clock, counts =>
    log.warn(counts, `more connections were closed for what came on them: ${formatCounts(counts)}`),
  )
  const mayLog = makeRateLimit(clock)
  return {
    onInvalidInput: ({ _tag, message }) =>
      mayLog()
        ? log.warn({ fault: _tag }, `a connection was closed: ${message}`)
        : faults.count(_tag),
    onUnsent: error =>
      log.error({ fault: error._tag }, `an answer could not be sent: ${error.message}`),
    onEviction: why => evictions.count(why),
  }
}
