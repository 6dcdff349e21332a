import * as t from 'io-ts'
import { refined } from '../domain/refined.js'

const RFC_3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * A point in time as RFC 3339 text with any number of digits for the fraction of a second:
 * `2026-01-15T10:00:00.123456789Z`.
 */
export const Timestamp = refined(t.string, text => RFC_3339.test(text), 'an RFC 3339 timestamp', {
  pattern: RFC_3339.source,
})

/** The `type` of a message. */
export const MessageType = t.keyof(
  { lifecycle: null, http: null, kv: null },
  '"lifecycle", "http" or "kv"',
)
export type MessageType = t.TypeOf<typeof MessageType>

/** The id of a request: a string or `null`. It may also be absent: see {@link envelope}. */
export const RequestId = t.union([t.string, t.null, t.undefined], 'string or null')

/** Header names with one value each. */
export const HttpHeaders = t.record(t.string, t.string, 'an object of header names and strings')

/** A string or `null`. */
export const TextOrNull = t.union([t.string, t.null], 'string or null')

/** An HTTP request in every dialect. A missing `body` is `null`, as in the host's own parser. */
export const HttpRequest = t.intersection(
  [
    t.type({ method: t.string, path: t.string, headers: HttpHeaders }),
    t.partial({ body: TextOrNull }),
  ],
  'an HTTP request',
)
export type HttpRequest = t.TypeOf<typeof HttpRequest>

const Integer = refined(t.number, Number.isInteger, 'an integer', { type: 'integer' })

/** An HTTP response in every dialect. */
export const HttpResponse = t.intersection(
  [t.type({ status: Integer, headers: HttpHeaders }), t.partial({ body: TextOrNull })],
  'an HTTP response',
)
export type HttpResponse = t.TypeOf<typeof HttpResponse>

/** The key of a KV message and, for `set`, the value. */
export const KvOperands = t.intersection(
  [t.type({ key: t.string }), t.partial({ value: TextOrNull })],
  'a key and a value',
)

/** The three strings of an `init`. */
export const InitFields = t.type(
  { instance_id: t.string, plugin_socket: t.string, log_path: t.string },
  'the fields of an init',
)

/** A codec of messages: one `type`, a `timestamp`, a `request_id` or none, and a payload. */
export const envelope = <T extends MessageType, P extends t.Mixed>(
  type: T,
  payload: P,
  name: string,
) =>
  t.intersection(
    [
      t.type({ type: t.literal(type), timestamp: Timestamp, payload }),
      t.partial({ request_id: RequestId }),
    ],
    name,
  )

/** What all messages have in common. Properties that no codec names are allowed everywhere. */
export const Message = t.intersection(
  [
    t.type({ type: MessageType, timestamp: Timestamp, payload: t.UnknownRecord }),
    t.partial({ request_id: RequestId }),
  ],
  'a message',
)
export type Message = t.TypeOf<typeof Message>
