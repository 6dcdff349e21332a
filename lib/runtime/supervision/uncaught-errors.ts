import type { Logger } from '../../domain/context.js'
import { messageOf } from '../../domain/plugin-error.js'
import type { Declaration } from '../../reflect/declaration.js'

/** A handler, by its name in a stack and by what it handles. */
interface NamedHandler {
  /** `Notes.add` */
  readonly handlerName: string
  /** `POST /notes` */
  readonly what: string
}

/**
 * Logs what escapes from an author's code, such as a rejection that nobody handles or an exception
 * in a timer, and lets the process live, because other requests are running. The entry names the
 * route if the stack still shows the handler.
 */
export const logUncaughtErrors = (declaration: Declaration, log: Logger): void => {
  const handlers = handlersOf(declaration)
  const report =
    (what: string) =>
    (error: unknown): void =>
      log.error({ error }, `${what}${originOf(error, handlers)}: ${messageOf(error)}`)
  process.on('uncaughtException', report('uncaught exception'))
  process.on('unhandledRejection', report('unhandled rejection'))
}

const handlersOf = ({ routes, kv, every }: Declaration): ReadonlyArray<NamedHandler> => [
  ...routes.map(({ handlerName, method, path }) => ({ handlerName, what: `${method} ${path}` })),
  ...kv.map(({ handlerName, pattern }) => ({ handlerName, what: `KV ${pattern}` })),
  ...every.map(({ handlerName, interval }) => ({ handlerName, what: `every ${interval}` })),
]

const originOf = (error: unknown, handlers: ReadonlyArray<NamedHandler>): string => {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frames = stack.split('\n').filter(line => line.startsWith('    at '))
  const found = handlers.find(({ handlerName }) =>
    frames.some(line => line.includes(` ${handlerName} (`) || line.includes(` ${handlerName}.`)),
  )
  return found === undefined ? '' : `, from ${found.handlerName} (${found.what})`
}
