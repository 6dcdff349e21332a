import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Middleware } from '../domain/handler.js'
import { andThen } from '../domain/outcome.js'
import { type PluginError, statusOf } from '../domain/plugin-error.js'
import type { HttpResponse } from '../domain/response.js'

/** The options of {@link requestLogging}. */
export interface RequestLoggingOptions {
  /** The level of the entries for answers below 500. Default `info`. From 500 on it is `error`. */
  readonly level?: 'trace' | 'debug' | 'info'
}

/**
 * A middleware that logs every request: its method, its path without the query string, the status
 * and the milliseconds. On the class it also logs requests that have no route.
 */
export const requestLogging =
  ({ level = 'info' }: RequestLoggingOptions = {}): Middleware =>
  next =>
  (req, ctx) => {
    const begun = ctx.clock.now()
    return andThen(next(req, ctx), (result: Either<PluginError, HttpResponse>) => {
      const status = pipe(
        result,
        E.match(statusOf, response => response.status),
      )
      const ms = Math.round((ctx.clock.now() - begun) * 10) / 10
      const { method, path, requestId } = req
      ctx.log[status < 500 ? level : 'error'](
        { method, path, status, ms, requestId },
        `${method} ${path} ${status} in ${ms} ms`,
      )
      return result
    })
  }
