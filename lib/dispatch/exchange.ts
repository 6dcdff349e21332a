import type { Either } from 'fp-ts/lib/Either.js'
import type { HttpHandler } from '../domain/handler.js'
import type { PluginError } from '../domain/plugin-error.js'
import type { Found, Resolution } from './router.js'

/** What answers the requests of a route. */
export interface Endpoint {
  readonly handler: HttpHandler
  /** The name of the method, for logs. */
  readonly handlerName: string
}

/** Where a request leads: its route, or why it has none. */
export type Destination = Either<PluginError, Resolution<Endpoint>>

/** The route that a request leads to, if it has one. */
export const routeOf = (destination: Destination): Found<Endpoint> | undefined =>
  destination._tag === 'Right' && destination.right._tag === 'Found' ? destination.right : undefined

/**
 * One request and its answer: where it leads, and whether anybody still waits for it.
 *
 * The `AbortSignal` is made when it is first asked for, for an `AbortController` costs more than
 * the rest of a small request; one that is asked for after the end is aborted already.
 */
export class Exchange {
  readonly destination: Destination
  #controller: AbortController | undefined
  #reason: unknown

  constructor(destination: Destination) {
    this.destination = destination
  }

  /** Aborted with the reason once the request has been given up. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Whether the request has been given up: nobody waits for what it would still do. */
  get abandoned(): boolean {
    return this.#reason !== undefined
  }

  /** Gives the request up. The first reason counts. */
  abandon(reason: unknown): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
