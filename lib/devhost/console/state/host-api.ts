import type {
  Exchange,
  KvEdit,
  KvEntries,
  KvTry,
  LogEntry,
  RawExchange,
} from '../../console-api.js'
import { toast } from './store.js'

/** The result of a request: its value, or why it failed. */
export type Outcome<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly error: string }

const ask = async <A>(path: string, body?: unknown): Promise<Outcome<A>> => {
  const init =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  try {
    const response = await fetch(path, init)
    const value = await response.json()
    return response.ok
      ? { ok: true, value }
      : { ok: false, error: value.error ?? `the host answered ${response.status}` }
  } catch (error) {
    return { ok: false, error: `the host did not answer: ${error}` }
  }
}

const own = (plugin: string): string => `/api/dev/plugins/${plugin}`
const hosts = (plugin: string): string => `/api/plugins/${plugin}`

/** What the plugin prints for `--describe`. */
export const getDescription = (plugin: string): Promise<Outcome<unknown>> =>
  ask(`${own(plugin)}/description`)

/** The contents of a store. */
export const getEntries = (plugin: string, from: KvEdit['store']): Promise<Outcome<KvEntries>> =>
  ask(`${own(plugin)}/entries?store=${from}`)

/** Changes a store. */
export const edit = (plugin: string, change: KvEdit): Promise<Outcome<unknown>> =>
  ask(`${own(plugin)}/entries`, change)

/** Sends a `kv` message to the plugin itself. */
export const tryKv = (plugin: string, message: KvTry): Promise<Outcome<{ value: string | null }>> =>
  ask(`${own(plugin)}/kv`, message)

/** The frames of an exchange. */
export const getRaw = (n: number): Promise<Outcome<RawExchange>> => ask(`/api/dev/traffic/${n}`)

/** The exchanges that the host remembers. */
export const getTraffic = (): Promise<Outcome<{ exchanges: ReadonlyArray<Exchange> }>> =>
  ask('/api/dev/traffic')

/** The newest entries of a plugin's log, newest first. */
export const getLogs = (
  plugin: string,
): Promise<Outcome<{ logs: ReadonlyArray<Omit<LogEntry, 'n'>> }>> =>
  ask(`${hosts(plugin)}/logs?page=0&page_size=500`)

/** An action on a plugin. */
export type PluginAction = 'enable' | 'disable' | 'restart' | 'kill'

/** Performs an action, and shows whether it worked. */
export const act = async (
  plugin: { readonly id: string; readonly name: string },
  action: PluginAction,
): Promise<void> => {
  const place = action === 'enable' || action === 'disable' ? hosts(plugin.id) : own(plugin.id)
  const outcome = await ask(`${place}/${action}`, {})
  if (outcome.ok) toast(`${plugin.name}: ${DONE[action]}`, 'success')
  else toast(`${plugin.name} could not be ${DONE[action]}: ${outcome.error}`, 'error')
}

const DONE: Readonly<Record<PluginAction, string>> = {
  enable: 'enabled',
  disable: 'disabled',
  restart: 'restarted',
  kill: 'killed',
}

/** An operation on the host's table of a plugin, as its frontend's `api.kv` does it. */
export const hostKv = (
  plugin: string,
  message: KvTry,
): Promise<Outcome<{ value: string | null }>> => ask(`${hosts(plugin)}/kv`, message)
