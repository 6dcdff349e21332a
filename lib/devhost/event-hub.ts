import type { ConsoleEvents } from './console-api.js'

/** An event of the console's stream: its name and its data. */
export type ConsoleEvent = {
  readonly [N in keyof ConsoleEvents]: { readonly name: N; readonly data: ConsoleEvents[N] }
}[keyof ConsoleEvents]

/** Where events come from and go to. */
export interface Hub {
  readonly emit: (event: ConsoleEvent) => void
  /** Gets every event from now on; gives back what ends that. */
  readonly subscribe: (listener: (event: ConsoleEvent) => void) => () => void
  /** How many listen. */
  readonly listeners: () => number
}

/** A hub without listeners. */
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
