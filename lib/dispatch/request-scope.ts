import type { HttpHandler } from '../domain/handler.js'

/**
 * The life of one request. Its `AbortSignal` is made when it is first asked for, for an
 * `AbortController` costs more than the rest of a small request; one that is asked for after the
 * end is aborted already.
 */
export class RequestScope {
  /** What answers the request, found before the middleware runs. */
  readonly target: HttpHandler
  #controller: AbortController | undefined
  #reason: unknown

  constructor(target: HttpHandler) {
    this.target = target
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
