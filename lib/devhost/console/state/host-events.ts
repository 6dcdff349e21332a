import type { ConsoleEvents, Exchange, LogEntry } from '../../console-api.js'
import { getLogs, getTraffic } from './host-api.js'
import type { Action } from './state.js'
import { store } from './store.js'

/** The delay before each attempt to reconnect, in milliseconds. */
const RECONNECT_DELAY = 1_000
/** Events within this time, in milliseconds, are dispatched together. */
const BATCH_INTERVAL = 50

/** Feeds the host's events into the store, and reconnects when the stream is lost. */
export const listen = (): void => {
  const source = new EventSource('/api/dev/events')
  const batch = startBatch()
  const on = <Name extends keyof ConsoleEvents>(
    name: Name,
    take: (value: ConsoleEvents[Name]) => void,
  ): void => source.addEventListener(name, event => take(JSON.parse(event.data)))
  on('state', state => {
    batch.flush()
    store.dispatch({ type: 'state', state })
    loadTraffic()
    for (const { id } of state.plugins) loadLog(id)
  })
  on('plugin', plugin => batch.add({ type: 'plugin', plugin }))
  on('gone', ({ id }) => batch.add({ type: 'gone', id }))
  on('kv', ({ id }) => batch.add({ type: 'kv', id }))
  on('exchange', exchange => batch.exchange(exchange))
  on('log', entry => batch.log(entry))
  // The browser's own reconnect gives up after some responses, and waits longer.
  source.addEventListener('error', () => {
    source.close()
    batch.flush()
    store.dispatch({ type: 'lost' })
    setTimeout(listen, RECONNECT_DELAY)
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

/** Collects events, so that a thousand messages a second cause twenty renders. */
const startBatch = () => {
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
    timer ??= setTimeout(flush, BATCH_INTERVAL)
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
