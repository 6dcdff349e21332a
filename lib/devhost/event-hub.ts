import type { ConsoleEvents } from './console-api.js'

/** An event of the console's stream. */
export type ConsoleEvent = {
  readonly [N in keyof ConsoleEvents]: { readonly name: N; readonly data: ConsoleEvents[N] }
}[keyof ConsoleEvents]

/** Passes events on to its listeners. */
export interface Hub {
  readonly emit: (event: ConsoleEvent) => void
  /** Calls `listener` with every event from now on. Returns the function that unsubscribes. */
  readonly subscribe: (listener: (event: ConsoleEvent) => void) => () => void
  /** The number of listeners. */
  readonly listeners: () => number
}

/** Creates a hub without listeners. */
export const makeHub = (): Hub => {
  const listeners = new Set<(event: ConsoleEvent) => void>()
  return {
    emit: event => {
      for (const listener of listeners) listener(event)
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    listeners: () => listeners.size,
  }
}
