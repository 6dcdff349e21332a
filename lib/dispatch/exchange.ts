import type { Either } from 'fp-ts/lib/Either.js'
import type { HttpHandler } from '../domain/handler.js'
import type { PluginError } from '../domain/plugin-error.js'
import type { Found } from './router.js'

/** What answers a request. */
export interface Endpoint {
  readonly handler: HttpHandler
  /** The name of the method, for logs. */
  readonly handlerName: string
}

/** Where a request leads: to what answers it, or to the error of one that nothing answers. */
export type Destination = Either<PluginError, Found<Endpoint>>

/**
 * One request and its answer: where the request leads, and whether anybody still waits.
 *
 * The `AbortSignal` is made when it is first asked for, because an `AbortController` costs more than
 * the rest of a small request.
 */
export class Exchange {
  readonly destination: Destination
  #controller: AbortController | undefined
  #reason: unknown

  constructor(destination: Destination) {
    this.destination = destination
  }

  /** Aborted, with the reason, once nobody waits for the answer. */
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

  /** Says that nobody waits any more. The first reason counts. */
  abort(reason: unknown): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
