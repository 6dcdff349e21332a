import { setMaxListeners } from 'node:events'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  ioError,
  isPluginError,
  type PluginError,
  timeoutError,
} from '../../domain/plugin-error.js'

/** What a deadline is for. */
export interface DeadlineOptions {
  /** The engine, for error messages. */
  readonly name: string
  /** Whether the operation changes something, for error messages. */
  readonly writes: boolean
  /** How long the operation may take, in milliseconds, for error messages. */
  readonly deadlineMs: number
  /** When it must end, by `performance.now`. */
  readonly at: number
}

/**
 * Runs something that may reject, and yields a result by the deadline. At the deadline the `signal`
 * is aborted and the result is a `Timeout`; after it, `f` is not called. A rejection is an `Io`
 * error, unless it is a `PluginError` already.
 */
export const withDeadline =
  <A>(
    { name, writes, deadlineMs, at }: DeadlineOptions,
    f: (signal: AbortSignal) => TaskEither<PluginError, A>,
  ): TaskEither<PluginError, A> =>
  () => {
    const notSent = (cause?: unknown): PluginError =>
      timeoutError(
        `${name} was out of reach, or busy, for ${deadlineMs} ms: ` +
          'what had not been sent was given up.',
        cause,
      )
    const remaining = at - performance.now()
    // An operation that waited for a late one is late too, even if it gets a moment before its own
    // deadline.
    if (remaining < Math.min(1, deadlineMs / 2)) return Promise.resolve(E.left(notSent()))
    return new Promise(resolve => {
      const controller = new AbortController()
      const { signal } = controller
      // Each command that waits listens; `clear` has a batch of them.
      setMaxListeners(0, signal)
      const timedOut = (): void =>
        resolve(
          E.left(
            timeoutError(
              `${name} did not answer within ${deadlineMs} ms` +
                (writes ? '; whether the write was carried out is not known.' : '.'),
            ),
          ),
        )
      const expire = (): void => {
        // A timer counts from the beginning of a turn of the event loop, so it can fire early.
        const early = at - performance.now()
        if (early > 0) {
          timer = setTimeout(expire, Math.ceil(early))
          return
        }
        controller.abort()
        // A command that was not sent yet rejects first, which says so. One that was sent does not.
        setImmediate(timedOut)
      }
      let timer = setTimeout(expire, Math.ceil(remaining))
      const failed = (reason: unknown): PluginError => {
        if (isPluginError(reason)) return reason
        return signal.aborted ? notSent(reason) : ioError(`${name} failed`, reason)
      }
      void f(signal)()
        .catch((reason: unknown) => E.left(failed(reason)))
        .then(result => {
          clearTimeout(timer)
          resolve(result)
        })
    })
  }
