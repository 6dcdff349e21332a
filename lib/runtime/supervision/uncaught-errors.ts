import type { Logger } from '../../domain/context.js'
import { messageOf } from '../../domain/plugin-error.js'

/** A handler, by the name that it has in a stack, and what leads to it. */
export interface NamedHandler {
  /** `Notes.add` */
  readonly handlerName: string
  /** `POST /notes` */
  readonly what: string
}

/**
 * What escapes from an author's code, a forgotten promise or an exception in a timer, is logged and
 * survived: other requests are running. The entry names the route where the stack still shows the
 * handler.
 */
export const surviveStrayErrors = (handlers: ReadonlyArray<NamedHandler>, log: Logger): void => {
  // Anything can be thrown, and what is thrown here would be the end.
  process.on('uncaughtException', (error: unknown) =>
    log.error(
      { error },
      `an exception that nobody caught${from(error, handlers)}: ${messageOf(error)}`,
    ),
  )
  process.on('unhandledRejection', (error: unknown) =>
    log.error(
      { error },
      `a promise was rejected and nobody looked${from(error, handlers)}: ${messageOf(error)}`,
    ),
  )
}

const from = (error: unknown, handlers: ReadonlyArray<NamedHandler>): string => {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frames = stack.split('\n').filter(line => line.startsWith('    at '))
  const found = handlers.find(({ handlerName }) =>
    frames.some(line => line.includes(` ${handlerName} (`) || line.includes(` ${handlerName}.`)),
  )
  return found === undefined ? '' : `, from ${found.handlerName} (${found.what})`
}
