import type { PanelApi, RouteAnswer } from 'toru-plugin-api/frontend'
import type { Action, AvailableService, LogEntry, Service } from '../service.js'
import { createClient } from './client.js'

/** The page's calls to the plugin. Each rejects with the plugin's message if it fails. */
export interface Calls {
  readonly watched: () => Promise<ReadonlyArray<Service>>
  readonly available: () => Promise<ReadonlyArray<AvailableService>>
  readonly control: (name: string, action: Action) => Promise<Service>
  readonly logs: (name: string, lines: number) => Promise<ReadonlyArray<LogEntry>>
  readonly watch: (name: string) => Promise<Service>
  readonly unwatch: (name: string) => Promise<unknown>
}

export const callsOf = (api: PanelApi, signal: AbortSignal): Calls => {
  const client = createClient(api)
  return {
    watched: () => bodyOf(client.get('/services', { signal })),
    available: () => bodyOf(client.get('/services/available', { signal })),
    control: (name, action) =>
      bodyOf(client.post(`/services/:name/${action}`, { params: { name }, signal })),
    logs: (name, lines) =>
      bodyOf(client.get('/services/:name/logs', { params: { name }, query: { lines }, signal })),
    watch: name => bodyOf(client.put('/services/:name/watched', { params: { name }, signal })),
    unwatch: name => bodyOf(client.delete('/services/:name/watched', { params: { name }, signal })),
  }
}

const bodyOf = async <A>(asked: Promise<RouteAnswer<A>>): Promise<A> => {
  const answer = await asked
  return answer.ok ? answer.body : Promise.reject(new Error(answer.error.message))
}
