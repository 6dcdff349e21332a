import type { ConsolePlugin, ConsoleState, Exchange, LogEntry } from '../../console-api.js'

/** The state of the event stream. `lost` means that the page is trying to connect again. */
export type Connection = 'connecting' | 'live' | 'lost'

/** A short-lived message. */
export interface Toast {
  readonly n: number
  readonly text: string
  readonly kind: 'success' | 'error' | 'info'
}

/** The state that the parts of the page share. */
export interface State {
  readonly connection: Connection
  /** `null` until the first `state` event. */
  readonly host: Omit<ConsoleState, 'plugins'> | null
  readonly plugins: ReadonlyArray<ConsolePlugin>
  /** Newest last, at most {@link MAX_EXCHANGES}. */
  readonly exchanges: ReadonlyArray<Exchange>
  /** How many exchanges have come since the page was loaded. */
  readonly seen: number
  /**
   * While the list is paused: the exchanges that it shows, and the value of `seen` at that time.
   */
  readonly pause: { readonly shown: ReadonlyArray<Exchange>; readonly seen: number } | null
  /** Exchanges up to this number were cleared, and do not come back after a reconnect. */
  readonly cleared: number
  /** By plugin, newest last, at most {@link MAX_LOGS} each. */
  readonly logs: ReadonlyMap<string, ReadonlyArray<LogEntry>>
  /** How often the stores of each plugin have changed. */
  readonly stores: ReadonlyMap<string, number>
  readonly toasts: ReadonlyArray<Toast>
}

/** An event that changes the state. */
export type Action =
  | { readonly type: 'state'; readonly state: ConsoleState }
  | { readonly type: 'lost' }
  | { readonly type: 'plugin'; readonly plugin: ConsolePlugin }
  | { readonly type: 'gone'; readonly id: string }
  | { readonly type: 'exchanges'; readonly exchanges: ReadonlyArray<Exchange> }
  /** The exchanges that the host remembers, loaded after each connect. */
  | { readonly type: 'remembered'; readonly exchanges: ReadonlyArray<Exchange> }
  | { readonly type: 'logs'; readonly entries: ReadonlyArray<LogEntry> }
  /** A plugin's log from the host's interface: newest first, without numbers. */
  | {
      readonly type: 'log-history'
      readonly plugin: string
      readonly entries: ReadonlyArray<Omit<LogEntry, 'n'>>
    }
  | { readonly type: 'kv'; readonly id: string }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'clear' }
  | { readonly type: 'toast'; readonly text: string; readonly kind: Toast['kind'] }
  | { readonly type: 'dismiss'; readonly n: number }

/** How many exchanges the page keeps. */
export const MAX_EXCHANGES = 2_000
/** How many entries of each plugin's log the page keeps. */
export const MAX_LOGS = 1_000
const MAX_TOASTS = 4

/** The state before the first `state` event. */
export const initial: State = {
  connection: 'connecting',
  host: null,
  plugins: [],
  exchanges: [],
  seen: 0,
  pause: null,
  cleared: 0,
  logs: new Map(),
  stores: new Map(),
  toasts: [],
}

/** The state after an action. */
export const reduce = (state: State, action: Action): State => {
  switch (action.type) {
    case 'state':
      return connected(state, action.state)
    case 'lost':
      return { ...state, connection: 'lost' }
    case 'plugin':
      return { ...state, plugins: withPlugin(state.plugins, action.plugin) }
    case 'gone':
      return {
        ...state,
        plugins: state.plugins.filter(({ id }) => id !== action.id),
        logs: without(state.logs, action.id),
      }
    case 'exchanges':
      return {
        ...state,
        exchanges: merged(state.exchanges, action.exchanges),
        seen: state.seen + newIn(state.exchanges, action.exchanges),
      }
    case 'remembered':
      return remembered(state, action.exchanges)
    case 'logs':
      return { ...state, logs: withLogs(state.logs, action.entries) }
    case 'log-history':
      return { ...state, logs: withHistory(state.logs, action.plugin, action.entries) }
    case 'kv':
      return {
        ...state,
        stores: new Map(state.stores).set(action.id, (state.stores.get(action.id) ?? 0) + 1),
      }
    case 'pause':
      return state.pause === null
        ? { ...state, pause: { shown: state.exchanges, seen: state.seen } }
        : state
    case 'resume':
      return { ...state, pause: null }
    case 'clear':
      return {
        ...state,
        cleared: state.exchanges.at(-1)?.n ?? state.cleared,
        exchanges: [],
        pause: state.pause === null ? null : { shown: [], seen: state.seen },
      }
    case 'toast':
      return { ...state, toasts: withToast(state.toasts, action.text, action.kind) }
    case 'dismiss':
      return { ...state, toasts: state.toasts.filter(({ n }) => n !== action.n) }
  }
}

/** How many exchanges have come since the list was paused. */
export const newWhilePaused = ({ pause, seen }: State): number =>
  pause === null ? 0 : seen - pause.seen

/**
 * After a reconnect another host may answer, with numbers of its own, so exchanges and logs are
 * dropped and loaded again.
 */
const connected = (state: State, { plugins, ...host }: ConsoleState): State => ({
  ...state,
  connection: 'live',
  host,
  plugins,
  exchanges: [],
  logs: new Map(),
  stores: new Map([...state.stores].map(([id, count]) => [id, count + 1])),
})

const withPlugin = (
  plugins: ReadonlyArray<ConsolePlugin>,
  plugin: ConsolePlugin,
): ReadonlyArray<ConsolePlugin> =>
  plugins.some(({ id }) => id === plugin.id)
    ? plugins.map(old => (old.id === plugin.id ? plugin : old))
    : [...plugins, plugin]

const without = <A>(map: ReadonlyMap<string, A>, key: string): ReadonlyMap<string, A> =>
  new Map([...map].filter(([id]) => id !== key))

const newIn = (known: ReadonlyArray<Exchange>, incoming: ReadonlyArray<Exchange>): number => {
  const last = known.at(-1)?.n ?? 0
  return incoming.filter(({ n }) => n > last || !known.some(old => old.n === n)).length
}

/**
 * Merges by number: exchanges that ended late are sorted in, and a repeated one replaces the first.
 */
const merged = (
  known: ReadonlyArray<Exchange>,
  incoming: ReadonlyArray<Exchange>,
): ReadonlyArray<Exchange> => {
  const last = known.at(-1)?.n ?? 0
  const inOrder = incoming.every(({ n }, index) => n > (incoming[index - 1]?.n ?? last))
  const all = inOrder
    ? [...known, ...incoming]
    : [...new Map([...known, ...incoming].map(exchange => [exchange.n, exchange])).values()].sort(
        (a, b) => a.n - b.n,
      )
  return all.slice(-MAX_EXCHANGES)
}

/** If all numbers are below `cleared`, they come from a host that was restarted. */
const remembered = (state: State, exchanges: ReadonlyArray<Exchange>): State => {
  const cleared = (exchanges.at(-1)?.n ?? 0) < state.cleared ? 0 : state.cleared
  const kept = exchanges.filter(({ n }) => n > cleared)
  return { ...state, cleared, exchanges: merged(kept, state.exchanges) }
}

const withLogs = (logs: State['logs'], entries: ReadonlyArray<LogEntry>): State['logs'] => {
  const all = new Map(logs)
  for (const plugin of new Set(entries.map(entry => entry.plugin))) {
    all.set(
      plugin,
      [...(all.get(plugin) ?? []), ...entries.filter(entry => entry.plugin === plugin)].slice(
        -MAX_LOGS,
      ),
    )
  }
  return all
}

/**
 * Entries that came over the stream while the history was loaded are in both, and kept once. Those
 * of the history get negative numbers.
 */
const withHistory = (
  logs: State['logs'],
  plugin: string,
  entries: ReadonlyArray<Omit<LogEntry, 'n'>>,
): State['logs'] => {
  const live = (logs.get(plugin) ?? []).filter(({ n }) => n > 0)
  const known = new Set(live.map(entryKey))
  const older = entries
    .filter(entry => !known.has(entryKey(entry)))
    .reverse()
    .map((entry, index, { length }) => ({ ...entry, n: index - length }))
  return new Map(logs).set(plugin, [...older, ...live].slice(-MAX_LOGS))
}

const entryKey = ({ timestamp, level, message, pid }: Omit<LogEntry, 'n'>): string =>
  JSON.stringify([timestamp, level, message, pid])

const withToast = (
  toasts: ReadonlyArray<Toast>,
  text: string,
  kind: Toast['kind'],
): ReadonlyArray<Toast> =>
  [...toasts, { n: (toasts.at(-1)?.n ?? 0) + 1, text, kind }].slice(-MAX_TOASTS)
