import { setMaxListeners } from 'node:events'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import {
  ioError,
  isPluginError,
  messageOf,
  type PluginError,
  timeoutError,
} from '../../domain/plugin-error.js'

/** Who is asked, how long that may take, and whether something is changed: for error messages. */
export interface Asked {
  readonly name: string
  readonly deadlineMs: number
  readonly writes: boolean
}

/**
 * Runs something that may reject, and answers by `deadline` (by `performance.now`) whatever it does: its
 * `signal` is then aborted, and the answer is `Timeout`. What it rejects with is an `Io` error,
 * unless that is a `PluginError` already. After the deadline it is not begun.
 */
export const byDeadline = <A>(
  { name, deadlineMs, writes }: Asked,
  deadline: number,
  f: (signal: AbortSignal) => Promise<Either<PluginError, A>>,
): Promise<Either<PluginError, A>> => {
  const nothingDone = (cause?: unknown): PluginError =>
    timeoutError(
      `${name} was out of reach, or busy, for ${deadlineMs} ms: what had not been sent was given up.`,
      cause,
    )
  const remaining = deadline - performance.now()
  // What waited behind something that was late is late too, though it may have been begun a moment
  // after it.
  if (remaining < Math.min(1, deadlineMs / 2)) return Promise.resolve(E.left(nothingDone()))
  return new Promise(resolve => {
    const controller = new AbortController()
    const { signal } = controller
    // One for each command that waits: `clear` has a batch of them.
    setMaxListeners(0, signal)
    const late = (): void =>
      resolve(
        E.left(
          timeoutError(
            `${name} did not answer within ${deadlineMs} ms${writes ? '; whether the write was carried out is not known' : ''}.`,
          ),
        ),
      )
    const expire = (): void => {
      // A timer counts from the beginning of its turn of the event loop, so it may come early.
      const early = deadline - performance.now()
      if (early > 0) {
        timer = setTimeout(expire, Math.ceil(early))
        return
      }
      controller.abort()
      // What had not been sent says so, in a moment; what had been sent says nothing.
      setImmediate(late)
    }
    let timer = setTimeout(expire, Math.ceil(remaining))
    const failed = (reason: unknown): PluginError => {
      if (isPluginError(reason)) return reason
      return signal.aborted
        ? nothingDone(reason)
        : ioError(`${name} failed (${messageOf(reason)}).`, reason)
    }
    void f(signal)
      .catch((reason: unknown) => E.left(failed(reason)))
      .then(answer => {
        clearTimeout(timer)
        resolve(answer)
      })
  })
}
