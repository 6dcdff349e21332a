import type { Either } from 'fp-ts/lib/Either.js'
import type { HttpHandler } from '../domain/handler.js'
import type { PluginError } from '../domain/plugin-error.js'
import { causesOf } from '../domain/thrown.js'
import type { Found } from './router.js'

/** What answers a request. */
export interface Endpoint {
  readonly handler: HttpHandler
  /** The name of the method, for logs. */
  readonly handlerName: string
}

/** Where a request leads: to its endpoint, or to the error if it has none. */
export type Destination = Either<PluginError, Found<Endpoint>>

/**
 * A request and its answer: where the request leads, and whether anybody still waits for the
 * answer.
 *
 * The `AbortSignal` is made on first use, because an `AbortController` costs more than the rest of
 * a small request.
 */
export class Exchange {
  readonly destination: Destination
  #controller: AbortController | undefined
  #reason: DOMException | undefined

  constructor(destination: Destination) {
    this.destination = destination
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Whether nobody waits for the answer any more. */
  get aborted(): boolean {
    return this.#reason !== undefined
  }

  /** Whether an error is the reason of the signal, or has it for a cause. */
  isReasonOf(error: unknown): boolean {
    return this.#reason !== undefined && causesOf(error).includes(this.#reason)
  }

  /** Aborts the signal. The first reason counts. */
  abort(reason: DOMException): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
