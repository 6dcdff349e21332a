import type { ConsoleEvents, Exchange, LogEntry } from '../../console-api.js'
import { getLogs, getTraffic } from './host-api.js'
import type { Action } from './state.js'
import { store } from './store.js'

/** How long after a lost connection the next is tried. */
const PATIENCE = 1_000
/** Messages that come close together are drawn together. */
const GATHER = 50

/** Connects the store with the host's events, and connects again whenever that is lost. */
export const listen = (): void => {
  const source = new EventSource('/api/dev/events')
  const gathered = gather()
  const on = <Name extends keyof ConsoleEvents>(
    name: Name,
    take: (value: ConsoleEvents[Name]) => void,
  ): void => source.addEventListener(name, event => take(JSON.parse(event.data)))
  on('state', state => {
    gathered.flush()
    store.dispatch({ type: 'state', state })
    loadTraffic()
    for (const { id } of state.plugins) loadLog(id)
  })
  on('plugin', plugin => gathered.add({ type: 'plugin', plugin }))
  on('gone', ({ id }) => gathered.add({ type: 'gone', id }))
  on('kv', ({ id }) => gathered.add({ type: 'kv', id }))
  on('exchange', exchange => gathered.exchange(exchange))
  on('log', entry => gathered.log(entry))
  // The browser's own way to connect again gives up after some answers, and waits longer.
  source.addEventListener('error', () => {
    source.close()
    gathered.flush()
    store.dispatch({ type: 'lost' })
    setTimeout(listen, PATIENCE)
  })
}

const loadLog = async (plugin: string): Promise<void> => {
  const outcome = await getLogs(plugin)
  if (outcome.ok) store.dispatch({ type: 'log-history', plugin, entries: outcome.value.logs })
}

const loadTraffic = async (): Promise<void> => {
  const outcome = await getTraffic()
  if (outcome.ok) store.dispatch({ type: 'remembered', exchanges: outcome.value.exchanges })
}

/**
 * Collects what comes within a moment, so that a thousand messages a second are twenty changes of
 * the page.
 */
const gather = () => {
  let actions: Action[] = []
  let exchanges: Exchange[] = []
  let entries: LogEntry[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (exchanges.length > 0) actions.push({ type: 'exchanges', exchanges })
    if (entries.length > 0) actions.push({ type: 'logs', entries })
    store.dispatch(...actions)
    actions = []
    exchanges = []
    entries = []
  }
  const soon = (): void => {
    timer ??= setTimeout(flush, GATHER)
  }
  return {
    flush,
    add: (action: Action): void => {
      actions.push(action)
      soon()
    },
    exchange: (exchange: Exchange): void => {
      exchanges.push(exchange)
      soon()
    },
    log: (entry: LogEntry): void => {
      entries.push(entry)
      soon()
    },
  }
}
