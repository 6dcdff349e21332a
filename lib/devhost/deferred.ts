/** A promise that is resolved from outside. */
export interface Deferred {
  readonly promise: Promise<void>
  /** Resolves it. Later calls do nothing. */
  readonly resolve: () => void
}

/** Creates a promise that is not resolved yet. */
export const makeDeferred = (): Deferred => {
  let resolve = (): void => undefined
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
