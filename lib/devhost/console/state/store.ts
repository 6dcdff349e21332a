import { useEffect, useState } from 'preact/hooks'
import { type Action, initial, reduce, type State } from './state.js'

/** Where the state lives, and who is told when it changes. */
export interface Store {
  readonly get: () => State
  readonly dispatch: (...actions: ReadonlyArray<Action>) => void
  /** Gives back what ends it. */
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

/** The page's one store. */
export const store = createStore()

/** A part of the state; the component is drawn again when that part is another. */
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

/** Shows a message for a moment. Errors stay until they are closed. */
export const toast = (text: string, kind: 'success' | 'error' | 'info' = 'info'): void => {
  store.dispatch({ type: 'toast', text, kind })
  const n = store.get().toasts.at(-1)?.n
  if (n !== undefined && kind !== 'error')
    setTimeout(() => store.dispatch({ type: 'untoast', n }), 5_000)
}
