import * as t from 'io-ts'
import { envelope, HttpRequest } from './codecs.js'
import { makeDialect, type Rows } from './dialect.js'
import * as documented from './documented.js'
import { jsonId, jsonMessage, jsonRequest } from './json-text.js'
import { httpMessage, kvMessage } from './meanings.js'
import { reader, row } from './row.js'

// All messages but the HTTP request are those of `documented`.
export * from './documented.js'

/** An HTTP request: `{payload: {method, path, headers, body}}`. */
export const HttpRequestMessage = envelope(
  'http',
  t.type({ payload: HttpRequest }),
  'an http message',
)
export type HttpRequestMessage = t.TypeOf<typeof HttpRequestMessage>

/** A key-value request, wrapped as an HTTP request is. `KvRequestMessage` is the bare form. */
export const WrappedKvRequestMessage = envelope(
  'kv',
  t.type({ payload: documented.KvRequest }),
  'a kv message',
)
export type WrappedKvRequestMessage = t.TypeOf<typeof WrappedKvRequestMessage>

const IsWrapped = t.type({ payload: t.type({ payload: t.UnknownRecord }) })
const readWrappedKv = reader(WrappedKvRequestMessage, ({ request_id, payload: { payload } }) =>
  kvMessage(request_id, payload.action, payload),
)

/** The table of this dialect. A key-value request may come wrapped; it is written bare. */
export const rows: Rows = {
  ...documented.rows,
  Http: row({
    codec: HttpRequestMessage,
    meaning: ({ request_id, payload }) => httpMessage(request_id, payload.payload, false),
    write: (message, timestamp) => {
      const payload = `{"payload":${jsonRequest(message)}}`
      return jsonMessage('http', timestamp, jsonId(message.requestId), payload)
    },
  }),
  Kv: {
    ...documented.rows.Kv,
    decode: message =>
      IsWrapped.is(message) ? readWrappedKv(message) : documented.rows.Kv.decode(message),
  },
}

/**
 * The dialect of the host's protocol page: an HTTP request is wrapped once more, everything else is
 * as in `documented`.
 */
export const dialect = makeDialect(
  'nested',
  payload =>
    'payload' in payload && typeof payload.payload === 'object' && payload.payload !== null,
  rows,
)
