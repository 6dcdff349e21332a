import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Middleware } from '../domain/handler.js'
import { andThen } from '../domain/outcome.js'
import { type PluginError, statusOf } from '../domain/plugin-error.js'
import type { HttpResponse } from '../domain/response.js'

/** What {@link requestLogging} writes. */
export interface RequestLoggingOptions {
  /**
   * The level of an entry about a request that was answered below 500; `info` unless said. From 500
   * on it is `error`.
   */
  readonly level?: 'trace' | 'debug' | 'info'
}

/**
 * A middleware that writes an entry for every request: method, path without its query string,
 * status and milliseconds. On the class it sees every request, also those without a route.
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
