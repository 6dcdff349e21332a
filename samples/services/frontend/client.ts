import type { PanelApi } from 'toru-plugin-api/frontend'
import type { Action, AvailableService, LogEntry, Service } from '../service.js'

/** The plugin's routes as functions. Each rejects with the plugin's own words where it refuses, and with an `AbortError` once the signal is aborted. */
export interface Client {
  readonly watched: () => Promise<ReadonlyArray<Service>>
  readonly available: () => Promise<ReadonlyArray<AvailableService>>
  readonly control: (name: string, action: Action) => Promise<Service>
  readonly logs: (name: string, lines: number) => Promise<ReadonlyArray<LogEntry>>
  readonly watch: (name: string) => Promise<Service>
  readonly unwatch: (name: string) => Promise<void>
}

export const clientOf = (api: PanelApi, signal: AbortSignal): Client => {
  const ask = async <A>(method: string, path: string): Promise<A> => {
    const response = await api.fetch(`/services${path}`, { method, signal })
    return response.ok ? answerOf(response) : Promise.reject(new Error(await refusalOf(response)))
  }
  const of = (name: string): string => `/${encodeURIComponent(name)}`
  return {
    watched: () => ask('GET', ''),
    available: () => ask('GET', '/available'),
    control: (name, action) => ask('POST', `${of(name)}/${action}`),
    logs: (name, lines) => ask('GET', `${of(name)}/logs?lines=${lines}`),
    watch: name => ask('PUT', `${of(name)}/watched`),
    unwatch: name => ask('DELETE', `${of(name)}/watched`),
  }
}

const answerOf = (response: Response) => (response.status === 204 ? undefined : response.json())

/** The plugin answers with `{error, message}`, the panel itself with `{error}`, a proxy between them with anything. */
const refusalOf = async (response: Response): Promise<string> => {
  const body = await response.json().catch(() => ({}))
  return String(body.message ?? body.error ?? `The panel answered with ${response.status}.`)
}
