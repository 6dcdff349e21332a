import type { Logger } from '../../domain/context.js'
import { messageOf, readProperty } from '../../domain/thrown.js'
import type { Declaration, Handler } from '../../reflect/declaration.js'

/**
 * Logs what escapes from an author's code, such as a rejection that nobody handles or an exception
 * in a timer, and lets the process live, because other requests are running. The entry names the
 * route if the stack still shows the handler.
 */
export const logUncaughtErrors = ({ handlers }: Declaration, log: Logger): void => {
  const report =
    (what: string) =>
    (error: unknown): void =>
      log.error({ error }, `${what}${originOf(error, handlers)}: ${messageOf(error)}`)
  process.on('uncaughtException', report('uncaught exception'))
  process.on('unhandledRejection', report('unhandled rejection'))
}

const originOf = (error: unknown, handlers: ReadonlyArray<Handler>): string => {
  const stack = typeof error === 'object' && error !== null ? readProperty(error, 'stack') : ''
  const frames = (typeof stack === 'string' ? stack : '')
    .split('\n')
    .filter(line => line.startsWith('    at '))
  const found = handlers.find(({ handlerName }) =>
    frames.some(line => line.includes(` ${handlerName} (`) || line.includes(` ${handlerName}.`)),
  )
  return found === undefined ? '' : `, from ${found.handlerName} (${titleOf(found)})`
}

const titleOf = (handler: Handler): string => {
  switch (handler._tag) {
    case 'Route':
      return `${handler.method} ${handler.path}`
    case 'Kv':
      return `KV ${handler.pattern}`
    default:
      return `@${handler._tag}`
  }
}
