import { useState } from 'preact/hooks'
import type { ConsolePlugin } from '../../console-api.js'
import { type Call, type RouteRequest, requestOf } from './call.js'
import { historyKey, historyOf, type PastCall, remember } from './history.js'

/** The result of a call. */
export interface CallAnswer {
  /** The method and the path of the route. */
  readonly of: string
  readonly request: RouteRequest | null
  readonly status: number | null
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: string
  /** In milliseconds, as measured by the browser. */
  readonly took: number
  /** Why no answer came. */
  readonly problem: string | null
}

/** The path of a plugin's route on this host. */
export const baseOf = ({ route }: ConsolePlugin): string => `/api/plugins/route${route}`

/** Sends calls to a plugin. Holds the last answer, and the history, which the browser stores. */
export const useCalls = (plugin: ConsolePlugin) => {
  const key = historyKey(plugin.id)
  const [answer, setAnswer] = useState<CallAnswer | null>(null)
  const [busy, setBusy] = useState(false)
  const [history, setHistory] = useState(historyOf(localStorage.getItem(key)))
  const keep = (calls: ReadonlyArray<PastCall>): void => {
    setHistory(calls)
    localStorage.setItem(key, JSON.stringify(calls))
  }
  const send = async (call: Call): Promise<void> => {
    if (busy) return
    setBusy(true)
    const came = await sent(baseOf(plugin), call)
    setBusy(false)
    setAnswer(came)
    if (came.request !== null)
      keep(remember(history, { at: Date.now(), call, status: came.status, took: came.took }))
  }
  return { answer, busy, history, send, forget: () => keep([]) }
}

const sent = async (base: string, call: Call): Promise<CallAnswer> => {
  const of = `${call.method} ${call.route}`
  const none = { of, request: null, status: null, headers: [], body: '', took: 0 }
  const made = requestOf(call)
  if ('problem' in made) return { ...none, problem: made.problem }
  const { request } = made
  const begun = performance.now()
  try {
    const { method, path, headers, body } = request
    const response = await fetch(base + path, {
      method,
      headers: headers.map(([name, value]) => [name, value]),
      body,
    })
    const text = await response.text()
    return {
      of,
      request,
      status: response.status,
      headers: [...response.headers],
      body: text,
      took: performance.now() - begun,
      problem: null,
    }
  } catch (error) {
    return { ...none, request, took: performance.now() - begun, problem: String(error) }
  }
}
