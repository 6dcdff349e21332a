import type { Call, Pair } from './call.js'
import { isRecord } from './description.js'

/** A call that was sent. */
export interface PastCall {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly call: Call
  /** `null` if no answer came. */
  readonly status: number | null
  /** Milliseconds. */
  readonly took: number
}

/** How many calls are remembered per plugin. */
export const MAX_CALLS = 30
/** Calls with longer bodies are not remembered: the browser's storage is small. */
const MAX_BODY_LENGTH = 20_000

/** The key of a plugin's history in the browser's storage. */
export const historyKey = (plugin: string): string => `toru-console/history/${plugin}`

/** Adds a call to a history, which has the newest first. */
export const remember = (
  history: ReadonlyArray<PastCall>,
  past: PastCall,
): ReadonlyArray<PastCall> =>
  past.call.body.length > MAX_BODY_LENGTH ? history : [past, ...history].slice(0, MAX_CALLS)

/** Parses a history from the browser's storage. Entries that do not fit are left out. */
export const historyOf = (text: string | null): ReadonlyArray<PastCall> => {
  const value = text === null ? undefined : parsedHistory(text)
  return Array.isArray(value) ? value.filter(isPastCall).slice(0, MAX_CALLS) : []
}

const parsedHistory = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isPastCall = (value: unknown): value is PastCall =>
  isRecord(value) &&
  typeof value.at === 'number' &&
  typeof value.took === 'number' &&
  (value.status === null || typeof value.status === 'number') &&
  isCall(value.call)

const isCall = (value: unknown): value is Call =>
  isRecord(value) &&
  typeof value.method === 'string' &&
  typeof value.route === 'string' &&
  typeof value.body === 'string' &&
  isRecord(value.params) &&
  Object.values(value.params).every(param => typeof param === 'string') &&
  arePairs(value.query) &&
  arePairs(value.headers)

const arePairs = (value: unknown): value is ReadonlyArray<Pair> =>
  Array.isArray(value) &&
  value.every(
    pair =>
      Array.isArray(pair) && pair.length === 2 && pair.every(part => typeof part === 'string'),
  )
