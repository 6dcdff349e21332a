import type { Headers } from '../domain/http.js'
import type { HttpAnswer, HttpMessage, InitMessage, RequestId } from '../domain/message.js'
import type { MessageType } from './codecs.js'

/**
 * A string or `null` as JSON text. Every string that leaves goes through here: a lone surrogate,
 * which `JSON.stringify` would write as an escape that the host cannot parse, becomes U+FFFD
 * (docs/protocol.md#limits).
 */
export const jsonString = (text: string | null): string =>
  JSON.stringify(text === null || text.isWellFormed() ? text : text.toWellFormed())

/** The text of headers that cannot change: most answers share theirs. */
const knownHeaders = new WeakMap<Headers, string>()

/**
 * Headers as a JSON object in their own order. Only own names count, and `__proto__` is a name like
 * any other.
 */
export const jsonHeaders = (headers: Headers): string => {
  const before = knownHeaders.get(headers)
  if (before !== undefined) return before
  const text = headersText(headers)
  if (Object.isFrozen(headers)) knownHeaders.set(headers, text)
  return text
}

const headersText = (headers: Headers): string => {
  let text = ''
  // Every answer comes through here: a loop over the names makes no pairs and no array of pieces.
  for (const name of Object.keys(headers))
    text += `${text === '' ? '' : ','}${jsonString(name)}:${jsonString(headers[name] ?? '')}`
  return `{${text}}`
}

/**
 * `{status, headers, body}` as JSON text, which is the HTTP answer of every dialect once it is
 * unwrapped.
 */
export const jsonResponse = ({ status, headers, body }: HttpAnswer): string =>
  `{"status":${status},"headers":${jsonHeaders(headers)},"body":${jsonString(body)}}`

/**
 * `{method, path, headers, body}` as JSON text, which is the HTTP request of every dialect once it
 * is unwrapped.
 */
export const jsonRequest = ({ method, path, headers, body }: HttpMessage): string =>
  `{"method":${jsonString(method)},"path":${jsonString(path)},"headers":${jsonHeaders(headers)},"body":${jsonString(body)}}`

/** What an `init` says, as the members of a JSON object without its braces. */
export const jsonInit = ({ instanceId, pluginSocket, logPath }: InitMessage): string =>
  `"action":"init","instance_id":${jsonString(instanceId)},"plugin_socket":${jsonString(pluginSocket)},"log_path":${jsonString(logPath)}`

/** A key and, where there is one, its value, as the members of a JSON object without its braces. */
export const jsonOperands = (key: string, value: string | undefined): string =>
  value === undefined
    ? `"key":${jsonString(key)}`
    : `"key":${jsonString(key)},"value":${jsonString(value)}`

/** A `request_id` as JSON text; `undefined` for one that is absent. */
export const jsonId = (requestId: RequestId): string | undefined =>
  requestId === undefined ? undefined : jsonString(requestId)

/** The last time stamp with its text: at full speed many messages share one. */
const stamp = { timestamp: '', text: '""' }

const jsonTimestamp = (timestamp: string): string => {
  if (timestamp !== stamp.timestamp)
    Object.assign(stamp, { timestamp, text: jsonString(timestamp) })
  return stamp.text
}

/**
 * A whole message around the JSON texts of its id and its payload. An id that was absent stays
 * absent, `null` stays `null`.
 */
export const jsonMessage = (
  type: MessageType,
  timestamp: string,
  id: string | undefined,
  payload: string,
): string =>
  id === undefined
    ? `{"type":"${type}","timestamp":${jsonTimestamp(timestamp)},"payload":${payload}}`
    : `{"type":"${type}","timestamp":${jsonTimestamp(timestamp)},"request_id":${id},"payload":${payload}}`

/**
 * Any value as JSON text whose strings are all well-formed; `undefined` where JSON has no text for
 * it. Throws what `JSON.stringify` throws.
 */
export const jsonText = (value: unknown): string | undefined => {
  const text: string | undefined = JSON.stringify(value)
  // Only lone surrogates are written as `\ud…`. The second alternative steps over other escapes,
  // `\\` above all.
  return text?.includes('\\ud')
    ? text.replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (all, lone) =>
        lone === undefined ? all : '\ufffd',
      )
    : text
}
