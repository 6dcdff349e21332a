import { useEffect, useState } from 'preact/hooks'
import { type Action, initial, reduce, type State } from './state.js'

/** Holds the state and notifies listeners when it changes. */
export interface Store {
  readonly get: () => State
  readonly dispatch: (...actions: ReadonlyArray<Action>) => void
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

const createStore = (): Store => {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    dispatch(...actions) {
      const next = actions.reduce(reduce, state)
      if (next === state) return
      state = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The store of the page. */
export const store = createStore()

/** Selects a part of the state, and renders the component again when that part changes. */
export const useStore = <A>(select: (state: State) => A): A => {
  const [, redraw] = useState({})
  const selected = select(store.get())
  useEffect(() => {
    let last = selected
    const look = (): void => {
      const now = select(store.get())
      if (now !== last) {
        last = now
        redraw({})
      }
    }
    look()
    return store.subscribe(look)
  })
  return selected
}

/** Shows a short-lived message. Errors stay until they are closed. */
export const toast = (text: string, kind: 'success' | 'error' | 'info' = 'info'): void => {
  store.dispatch({ type: 'toast', text, kind })
  const n = store.get().toasts.at(-1)?.n
  if (n !== undefined && kind !== 'error')
    setTimeout(() => store.dispatch({ type: 'dismiss', n }), 5_000)
}
