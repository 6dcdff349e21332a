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

/** The texts of frozen headers: most answers share theirs. */
const knownHeaders = new WeakMap<Headers, string>()

/** Headers as a JSON object, in their order. `__proto__` is a name like any other. */
export const jsonHeaders = (headers: Headers): string => {
  const before = knownHeaders.get(headers)
  if (before !== undefined) return before
  const text = headersText(headers)
  if (Object.isFrozen(headers)) knownHeaders.set(headers, text)
  return text
}

const headersText = (headers: Headers): string => {
  let text = ''
  // Every answer needs this: a loop over the names makes no pairs and no array of pieces.
  for (const name of Object.keys(headers))
    text += `${text === '' ? '' : ','}${jsonString(name)}:${jsonString(headers[name] ?? '')}`
  return `{${text}}`
}

/** The innermost part of an HTTP answer as JSON text: `{status, headers, body}`. */
export const jsonResponse = ({ status, headers, body }: HttpAnswer): string =>
  `{"status":${status},"headers":${jsonHeaders(headers)},"body":${jsonString(body)}}`

/** The innermost part of an HTTP request as JSON text: `{method, path, headers, body}`. */
export const jsonRequest = ({ method, path, headers, body }: HttpMessage): string =>
  `{"method":${jsonString(method)},"path":${jsonString(path)},"headers":${jsonHeaders(headers)},"body":${jsonString(body)}}`

/** The members of an `init` as JSON text, without braces. */
export const jsonInit = ({ instanceId, pluginSocket, logPath }: InitMessage): string =>
  `"action":"init","instance_id":${jsonString(instanceId)},"plugin_socket":${jsonString(pluginSocket)},"log_path":${jsonString(logPath)}`

/** The members `key` and, where there is one, `value` as JSON text, without braces. */
export const jsonOperands = (key: string, value: string | undefined): string =>
  value === undefined
    ? `"key":${jsonString(key)}`
    : `"key":${jsonString(key)},"value":${jsonString(value)}`

/** A `request_id` as JSON text; `undefined` for one that is absent. */
export const jsonId = (requestId: RequestId): string | undefined =>
  requestId === undefined ? undefined : jsonString(requestId)

/** The last time stamp and its JSON text: under load many messages share one. */
const stamp = { timestamp: '', text: '""' }

const jsonTimestamp = (timestamp: string): string => {
  if (timestamp !== stamp.timestamp)
    Object.assign(stamp, { timestamp, text: jsonString(timestamp) })
  return stamp.text
}

/** A whole message as JSON text, around those of its id (if it has one) and its payload. */
export const jsonMessage = (
  type: MessageType,
  timestamp: string,
  id: string | undefined,
  payload: string,
): string =>
  id === undefined
    ? `{"type":"${type}","timestamp":${jsonTimestamp(timestamp)},"payload":${payload}}`
    : `{"type":"${type}","timestamp":${jsonTimestamp(timestamp)},"request_id":${id},"payload":${payload}}`

/** As `JSON.stringify`, with well-formed strings only. */
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
